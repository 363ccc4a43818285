/** Sentences of Zotero and .bib files. */
import { keysOf } from '../../contract/tables'
import type { ZoteroAction, ZoteroCollectionView, ZoteroHanded, ZoteroView } from '../../contract/zotero'
import type { BibState, BibView } from '../../contract/bibs'
import { count, instant, isolate, joined, listed, number } from './figures'

export const MANAGERS = {
  title: 'Zotero and .bib files',
  about:
    'Sheaf reads what you keep elsewhere, gets the papers that have no file there, and hands back what arrived.',
  back: 'Back to the library',
  short: 'Zotero and .bib files…'
} as const

/** Items to plan: neither in the library nor in the queue, and with an identifier. */
export const toGet = ({ missing, here, known, nameless }: ZoteroCollectionView): number =>
  missing - here - known - nameless

export const ZOTERO = {
  name: 'Zotero',
  reading: 'Reading your Zotero library…',
  lookAgain: 'Look again',
  chooseFolder: 'Choose its folder…',
  table: 'Collections of Zotero',
  collection: 'Collection',
  items: 'Items',
  missing: 'Without a file',
  standing: 'Of these',
  actions: 'What to do',
  whole: 'Whole library',
  get: (papers: number) => `Get ${number(papers)}`,
  getNamed: (papers: number, name: string | null) =>
    `Get ${count(papers, 'missing paper')} of ${name === null ? 'the whole library' : isolate(name)}`,
  look: 'Look first…',
  lookNamed: (name: string | null) =>
    `Look at what is missing in ${name === null ? 'the whole library' : isolate(name)} first`,
  got: (papers: number, known: number) =>
    papers === 0
      ? 'Nothing new: all of them are in the queue or the library.'
      : `${count(papers, 'paper')} added to the queue${known === 0 ? '' : `, ${number(known)} ${known === 1 ? 'was' : 'were'} known already`}.`,
  showQueue: 'Show them',
  empty: 'This Zotero library has no items.',
  send: 'Send all papers to Zotero',
  sendShort: 'Send to Zotero',
  sendAbout:
    'Each paper becomes an item with its file, in the collection that is selected in Zotero. What is there already is left as it is; pressing again sends nothing twice.',
  attach: (items: number) =>
    items === 0 ? 'Give items their files' : `Give ${count(items, 'item')} their files`,
  attachAbout: 'Items that exist and have no file get the papers that are here, each once.',
  attachOld: (version: string) =>
    `Zotero ${version} gives programs no way to add a file to an item that exists; Zotero 10 does. Until then drag the file onto the item: Library › Show in folder.`,
  attachApiOff:
    'For this Zotero has to let other programs in: Settings › Advanced › “Allow other applications on this computer to communicate with Zotero”.',
  needsZotero: 'Start Zotero, then look again.',
  handing: (done: number) => (done === 0 ? 'Speaking with Zotero…' : `${count(done, 'paper')} so far…`),
  confirm: 'Zotero asks in its window whether Sheaf may write. Choose Allow there.',
  stop: 'Stop',
  problems: 'Not handed over',
  noTitle: 'A paper without a title',
  blind:
    'Neither Zotero’s local API nor its database could be read, so only what Sheaf sent itself is known. To be sure that nothing doubles, allow other applications to communicate with Zotero (Settings › Advanced in Zotero), or choose its folder.',
  oneTime:
    'Zotero allowed one change only and will ask again for each. Choose to remember the permission there to be asked once.'
} as const

/** The status above the table: whether Zotero answers, and how the library was read. */
export function zoteroStanding({ running, silent, source, unread }: ZoteroView): {
  readonly tone: 'good' | 'quiet' | 'attention'
  readonly text: string
  readonly hint: string
} {
  const copy = 'Its library was read from a copy of its database.'
  if (running !== null) {
    const zotero = `Zotero${running.version === null ? '' : ` ${running.version}`} is running`
    if (running.api === 'on') return { tone: 'good', text: `${zotero}. Its library was read.`, hint: '' }
    if (source !== null)
      return { tone: 'quiet', text: `${zotero}, and lets no program read it. ${copy}`, hint: '' }
    return {
      tone: 'attention',
      text: `${zotero}, lets no program read it, and its database was not found.`,
      hint: ZOTERO.attachApiOff
    }
  }
  const why = silent?.code === 'NOT_ZOTERO' ? silent.message : 'Zotero is not running.'
  if (source !== null)
    return {
      tone: 'quiet',
      text: `${why} ${copy}`,
      hint: silent?.code === 'NOT_ZOTERO' ? silent.hint : 'Start it to send papers to it.'
    }
  return {
    tone: 'attention',
    text: `${why} ${unread?.message ?? 'No library of it was found.'}`,
    hint: 'Start Zotero, or choose the folder in which it keeps its data (Settings › Advanced › Show Data Directory).'
  }
}

/** Under “Of these”. */
export function missingStanding(row: ZoteroCollectionView): string {
  const { missing, here, known, nameless } = row
  if (missing === 0) return 'every item has its file'
  const parts = [
    here > 0 ? `${number(here)} here in Sheaf` : null,
    known > 0 ? `${number(known)} in the queue` : null,
    nameless > 0 ? `${number(nameless)} without an identifier` : null
  ]
  return joined(parts, ', ')
}

const ACTION_WORDS: Readonly<Record<ZoteroAction, string>> = {
  sent: 'sent',
  attached: 'given a file',
  existing: 'there already',
  removed: 'removed in Zotero by you, not sent again',
  unknown: 'not known whether they arrived',
  failed: 'failed',
  would_send: 'would be sent',
  would_attach: 'would be given a file',
  not_here: 'not here'
}

export function handedSentence({ counts, withoutFile }: ZoteroHanded): string {
  const said = keysOf(ACTION_WORDS).flatMap((action) => {
    const times = counts[action]
    return times === 0 ? [] : [`${number(times)} ${ACTION_WORDS[action]}`]
  })
  if (said.length === 0) return 'There was nothing to hand over.'
  const fileless =
    withoutFile === 0
      ? ''
      : ` ${count(withoutFile, 'item')} there ${withoutFile === 1 ? 'has' : 'have'} no file yet.`
  return `${listed(said)}.${fileless}`
}

export const BIBS = {
  name: 'Your .bib files',
  list: 'Your .bib files',
  link: 'Link a .bib file…',
  about:
    'Sheaf watches a linked file (BibTeX, JabRef), gets the papers of entries without a file, and writes their links into it. Nothing else in the file changes, and a change of another program is never overwritten.',
  off: 'Turn on crash-safe downloads (Settings › Crash safety) to have these files watched.',
  show: 'Show in folder',
  showNamed: (name: string) => `Show ${isolate(name)} in its folder`,
  unlink: 'Unlink',
  unlinkNamed: (name: string) => `Unlink ${isolate(name)}; the file stays as it is`
} as const

const BIB_STATE_WORDS: Readonly<Record<BibState, string>> = {
  looking: 'Being read…',
  watched: 'Watched',
  in_editor: 'Open in an editor. Its links are written when it is closed there.',
  changing: 'Another program has just changed it. Nothing was overwritten; it is read again.',
  gone: 'The file is not there. It is read again when it is back.',
  unreadable: 'It cannot be read.',
  unwritable: 'It cannot be written.'
}

export const isBibTrouble = (state: BibState): boolean =>
  state === 'gone' || state === 'unreadable' || state === 'unwritable'

/** The state of a linked file in a sentence. */
export function bibState({ state, because, links, writtenAt }: BibView): string {
  if (because !== null) return because
  if (state !== 'watched' || links === 0 || writtenAt === null) return BIB_STATE_WORDS[state]
  return `Watched. ${count(links, 'link')} written, the last ${instant(writtenAt)}.`
}

/** The content of a linked file in figures. */
export function bibStanding({ entries, withFile, inQueue, nameless, list }: BibView): string {
  const parts = [
    count(entries, 'entry', 'entries'),
    `${number(withFile)} with a file`,
    inQueue > 0 ? `${number(inQueue)} in the queue` : null,
    nameless > 0
      ? `${number(nameless)} without an identifier (Add papers looks them up by their titles)`
      : null
  ]
  return `${joined(parts, ' · ')}. List: ${isolate(list)}.`
}
