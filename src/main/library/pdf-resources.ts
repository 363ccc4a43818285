/**
 * The character maps of pdf.js, without which the letters of many Chinese, Japanese and Korean PDFs are
 * unknown. They are beside the built page (`renderer/pdfjs/cmaps`), in a checkout in the package itself; both
 * are found by walking up from this module. Without them such a file is treated as one with unreadable
 * letters.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { VerbosityLevel } from 'pdfjs-dist/legacy/build/pdf.mjs'

const PLACES = ['renderer/pdfjs/cmaps', 'out/renderer/pdfjs/cmaps', 'node_modules/pdfjs-dist/cmaps']
/** More than the number of folders between a module and the root of its package or application. */
const MOST_STEPS = 8

function findCharacterMaps(): string | null {
  let folder = import.meta.dirname
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const place = PLACES.map((name) => join(folder, name)).find((path) => existsSync(path))
    if (place !== undefined) return place
    folder = dirname(folder)
  }
  return null
}

const characterMaps = findCharacterMaps()

/**
 * Options of `getDocument` for reading text: nothing is drawn, run or fetched, and errors in the file are
 * tolerated.
 */
export const READING_OPTIONS = {
  ...(characterMaps === null ? {} : { cMapUrl: `${characterMaps}/`, cMapPacked: true }),
  verbosity: VerbosityLevel.ERRORS,
  isEvalSupported: false,
  enableXfa: false,
  disableFontFace: true,
  useSystemFonts: false,
  useWorkerFetch: false,
  useWasm: false,
  isOffscreenCanvasSupported: false,
  isImageDecoderSupported: false,
  stopAtErrors: false
} as const
