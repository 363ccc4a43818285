/** `out` is where the app was built. Problems are sentences; none means that all is well. */
export declare function checkPackage(
  archive: string,
  out: string
): { readonly files: number; readonly bytes: number; readonly problems: readonly string[] }
/** Modules and files that a built file names and that are not there. */
export declare function missingFrom(path: string, text: string, there: ReadonlySet<string>): readonly string[]
