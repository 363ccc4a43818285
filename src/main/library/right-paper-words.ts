/** A sentence for each reason of `right-paper.ts`, with what was found; the reasons themselves are facts. */
import type { RightPaperReason } from './right-paper-verdict'
import type { Seen, WantedPaper } from './right-paper-facts'
import { cutAt } from '../../contract/limits'

export function sentenceFor(reason: RightPaperReason, seen: Seen, wanted: WantedPaper): string {
  const say: Readonly<Record<RightPaperReason, () => string>> = {
    'own identifier': () =>
      seen.arxivStamp !== null && seen.arxivStamp === wanted.ids.arxiv
        ? `Its first page has the arXiv stamp ${seen.arxivStamp}.`
        : 'Its first pages print its DOI.',
    'title and authors': () => 'Its title and authors are on the first pages.',
    'most of title, authors and year': () =>
      'Most of its title, its authors and its year are on the first pages.',
    'title, no authors known': () => 'Its title is on the first page; no authors are known to compare.',
    'stands beside the paper': () =>
      `The file is about the paper and calls itself “${shorten(seen.beside?.words ?? '')}”.`,
    'asked for another kind': () =>
      `A ${seen.askedKind ?? 'note'} was asked for; the file does not say that it is one.`,
    'unreadable text': () => 'The letters of its text do not make words, so nothing can be compared.',
    'too little text': () => 'Its first pages have too little text to compare.',
    'title in another script': () => 'The file is in another script than the title.',
    'nothing to compare': () =>
      wanted.ids.doi === undefined
        ? 'Neither a title nor a DOI is known to compare with.'
        : 'Its title is not known, and its DOI is not on the first pages.',
    'title without authors': () => 'Its title is on the first page, but none of its authors are.',
    'short title': () => 'Its title is too short to prove much, and none of its authors were found.',
    'altered title': () => `A similar title is on the first page, but not the same one${instead(seen)}.`,
    'identifier of another': () =>
      `Its title and authors were found, but the file prints ${otherId(seen)} as its own.`,
    'identifier mentioned only': () => `Its DOI is mentioned, but not as the file’s own${instead(seen)}.`,
    'not enough found': () => `${found(seen)}${instead(seen)}.`,
    'other identifier': () => `The file prints ${otherId(seen)}; ${neither(seen)}.`,
    'other title': () => `Its title is “${shorten(seen.otherTitle ?? '')}”; ${neither(seen)}.`,
    'other identifier and title': () =>
      `Its title is “${shorten(seen.otherTitle ?? '')}”, with ${otherId(seen)}; ${neither(seen)}.`,
    'other subject and people': () => `The file is about something else; ${neither(seen)}.`,
    'similar title of others': () => `A similar title by other people is on the first page${instead(seen)}.`
  }
  return say[reason]()
}

function otherId(seen: Seen): string {
  if (seen.otherDoi !== null) return `the DOI ${seen.otherDoi}`
  return seen.arxivStamp === null ? 'another identifier' : `the arXiv id ${seen.arxivStamp}`
}

function neither(seen: Seen): string {
  if (seen.title === null) return 'the DOI asked for does not appear in the file'
  if (seen.authors.of === 0) return 'the title asked for does not appear in the file'
  if (seen.authors.score === 0) return 'neither the title asked for nor its authors appear in the file'
  return `the title asked for does not appear in the file, and ${String(seen.authors.full + seen.authors.bare)} of ${String(seen.authors.of)} authors may`
}

function found(seen: Seen): string {
  const share = Math.round((seen.title?.anywhere ?? 0) * 100)
  const people = seen.authors.full + seen.authors.bare
  const { of } = seen.authors
  const title = `${String(share)} % of its title`
  if (of === 0) return `${title} was found; no authors are known to compare`
  if (share === 0 && people === 0)
    return `Neither its title nor ${of === 1 ? 'its author was' : 'its authors were'} found`
  if (of === 1) return `${title} was found, ${people === 0 ? 'but not its author' : 'and its author'}`
  return `${title} and ${String(people)} of its ${String(of)} authors were found`
}

/** The names found instead, if any. */
function instead(seen: Seen): string {
  if (seen.otherDoi !== null) return `; the file prints the DOI ${seen.otherDoi}`
  if (seen.arxivStamp !== null) return `; the file has the arXiv stamp ${seen.arxivStamp}`
  return seen.otherTitle === null ? '' : `; its largest text is “${shorten(seen.otherTitle)}”`
}

function shorten(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return cutAt(plain, 120)
}
