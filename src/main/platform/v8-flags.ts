/**
 * V8 compiles a function of SQLite a second time, better, when it has run for some milliseconds: half the processor
 * time of a short command. At this budget it waits for about a second of running (docs/performance.md, "A start").
 * Measured with Node 20; V8 has the flag in versions 11 to 14, and prints an error for one that it does not know.
 * In Electron the flags are fixed by the time this is read.
 */
const WASM_TIERING_BUDGET = 1_000_000_000

/** For the command line, and for the processes of the tests. */
export const V8_FLAGS: readonly string[] =
  /^1[1-4]\./.test(process.versions.v8) && !('electron' in process.versions)
    ? [`--wasm-tiering-budget=${String(WASM_TIERING_BUDGET)}`]
    : []
