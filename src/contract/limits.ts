/**
 * The maximum length of every string that Sheaf accepts from outside and stores or shows, in UTF-16 units,
 * and the maximum size of its inputs. Longer text is truncated at a whole code point and marked with `…`.
 */
import type { WorkFacts } from './work'

export const MOST_CHARS = {
  title: 1_000,
  author: 200,
  venue: 500,
  url: 4_096,
  identifier: 500,
  /** an explanation: a reason, an evidence, a detail of an attempt */
  reason: 2_000,
  license: 200,
  /** the user's own reference, as JSON; fields that do not fit are dropped whole, the longest first */
  reference: 20_000,
  /** the stored value of one header */
  header: 4_096,
  /** any other value */
  text: 4_096
} as const
export type LimitedText = keyof typeof MOST_CHARS

/** Maximum number of stored authors of one work; collaborations name thousands. */
export const MOST_AUTHORS = 3_000

/** Facts of a work, with every part truncated to its limit. */
export function limitFacts(facts: WorkFacts): WorkFacts {
  const { title, authors, venue, type, language } = facts
  return {
    ...facts,
    ...(title === undefined ? {} : { title: cutTo(title, 'title') }),
    ...(authors === undefined
      ? {}
      : { authors: authors.slice(0, MOST_AUTHORS).map((name) => cutTo(name, 'author')) }),
    ...(venue === undefined ? {} : { venue: cutTo(venue, 'venue') }),
    ...(type === undefined ? {} : { type: cutTo(type, 'license') }),
    ...(language === undefined ? {} : { language: cutTo(language, 'license') })
  }
}

const MARK = '…'

/** Truncates `text` to its limit with a mark. A surrogate pair is never split. */
export function cutTo(text: string, kind: LimitedText): string {
  return cutAt(text, MOST_CHARS[kind])
}

/** Like `cutTo`, for an explicit length. */
export function cutAt(text: string, most: number): string {
  if (text.length <= most) return text
  const room = most - MARK.length
  const last = text.charCodeAt(room - 1)
  const splits = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, splits ? room - 1 : room).trimEnd() + MARK
}

/** The largest file that may be dropped on the window, in bytes; larger ones go through the file dialog. */
export const MOST_DROPPED_BYTES = 200_000_000
export const MOST_PASTED_CHARS = 20_000_000
/** Of the name of a list. */
export const MOST_LIST_NAME_CHARS = 100
/** Reference files that are read into one preview. */
export const MOST_FILES_AT_ONCE = 50
/** Folders within folders that are searched for PDFs. */
export const MOST_FOLDER_DEPTH = 64
/** Rows of a list in one answer. */
export const MOST_ROWS = 500
