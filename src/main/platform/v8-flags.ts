/**
 * V8 compiles a WebAssembly function of SQLite a second time, optimised, after some milliseconds of running:
 * half the CPU time of a short command. With this budget it waits for about a second of running
 * (docs/performance.md, "A start"). Measured with Node 20; V8 has the flag in versions 11 to 14, and prints
 * an error for an unknown flag. In Electron the flags are already fixed when this is read.
 */
const WASM_TIERING_BUDGET = 1_000_000_000

/** For the command line, and for the test processes. */
export const V8_FLAGS: readonly string[] =
  /^1[1-4]\./.test(process.versions.v8) && !('electron' in process.versions)
    ? [`--wasm-tiering-budget=${String(WASM_TIERING_BUDGET)}`]
    : []
