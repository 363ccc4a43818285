/** Every file under `folder`, relative to it, with `/` between its parts. */
export declare function filesUnder(folder: string): readonly string[]
/** Relative to `out`: what main's entry reaches, the preload, and the whole built page. */
export declare function packageFiles(out: string): readonly string[]
