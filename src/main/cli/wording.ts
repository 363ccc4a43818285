/**
 * Formats numbers and columns for people. Pure; nothing is expressed by colour alone.
 */
import { stripVTControlCharacters } from 'node:util'
import { grouped, sayBytes, sayRatio } from '../../contract/counted'
import { oneLine } from '../../contract/exits'
import type { MeasureView } from '../../contract/insights-views'
import type { State } from '../../contract/words'

/** `842 kB`, `12.3 MB`: decimal units. */
export const bytesInWords = (bytes: number): string => sayBytes(bytes, 100)

/** The text with its first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

export function durationInWords(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60), whole % 60]
  return hours > 0 ? `${hours} h ${minutes} min` : `${minutes} min ${rest} s`
}

/** The value of a measure in its unit. */
export function figureInWords(value: number, unit: MeasureView['unit']): string {
  switch (unit) {
    case 'ratio':
      return sayRatio(value)
    case 's':
      return durationInWords(value * 1000)
    case 'ms':
      return durationInWords(value)
    case 'bytes':
      return bytesInWords(value)
    case 'count':
      return grouped(value)
    default:
      return unit satisfies never
  }
}

/** `2026-11-23 21:04:05`, in the local time zone. */
export function instantInWords(epochSeconds: number): string {
  const date = new Date(epochSeconds * 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}

/** Aligned columns; the last one is not padded. Columns listed in `right` are right-aligned. */
export function columns(given: readonly (readonly string[])[], right: readonly number[] = []): string {
  const widths: number[] = []
  const rows = given.map((row) => row.map(oneLine))
  // Nothing to align: the lines of a long plan are printed one by one.
  if (rows.length === 1) return (rows[0] ?? []).join('  ').trimEnd()
  for (const row of rows) {
    row.forEach((cell, at) => {
      widths[at] = Math.max(widths[at] ?? 0, displayWidth(cell))
    })
  }
  return rows
    .map((row) =>
      row
        .map((cell, at) => {
          const gap = ' '.repeat(Math.max(0, (widths[at] ?? 0) - displayWidth(cell)))
          if (right.includes(at)) return gap + cell
          return at === row.length - 1 ? cell : cell + gap
        })
        .join('  ')
        .trimEnd()
    )
    .join('\n')
}

/** Truncates to a number of terminal columns, with an ellipsis. */
export function cut(text: string, width: number): string {
  const plain = oneLine(text).replace(/\s+/g, ' ').trim()
  if (displayWidth(plain) <= width) return plain
  let kept = ''
  let used = 0
  for (const letter of plain) {
    const wide = displayWidth(letter)
    if (used + wide > width - 1) break
    kept += letter
    used += wide
  }
  return `${kept.trimEnd()}…`
}

/** Terminal columns of a text; East Asian wide characters take two, marks and colours none. */
export function displayWidth(text: string): number {
  let width = 0
  const bare = stripVTControlCharacters(text)
  for (const letter of bare) {
    if (/\p{M}/u.test(letter)) continue
    width +=
      /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}/u.test(
        letter
      )
        ? 2
        : 1
  }
  return width
}

/** A job's state in words; --json keeps the ledger's names. */
export const STATE_WORDS: Readonly<Record<State, string>> = {
  PLANNED: 'waiting',
  LEASED: 'started',
  HEAD_DONE: 'found',
  RESUME_OK: 'resuming',
  STREAMING: 'downloading',
  FINALIZED: 'filed',
  INDEXED: 'listed',
  DEDUPED: 'done',
  FAILED: 'failed',
  SKIPPED_DUPLICATE: 'duplicate'
}

/** `openalex 12, arxiv 3`: sorted by count. */
export function sumsInWords(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .sort(([, a], [, b]) => b - a)
    .map(([name, n]) => `${name} ${grouped(n)}`)
    .join(', ')
}
