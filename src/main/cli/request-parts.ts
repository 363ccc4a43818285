/**
 * Parts of a request, from parsed options. Missing or contradictory ones are refused here, in a sentence.
 */
import { fail } from '../../contract/errors'
import type { Request, RequestOf, Selectors } from './invocation'
import type { Draft } from './option-spec'
import type { ZoteroAsk } from '../sheaf-zotero'

export function selectors(draft: Draft): Selectors {
  const { search } = draft
  const searches = search.topic !== undefined || search.topicId !== undefined || search.query !== undefined
  if (!searches) {
    const lonely = Object.entries(NEEDS_SEARCH).find(([field]) => Object.hasOwn(search, field))
    if (lonely)
      fail('BAD_OPTION', `${lonely[1]} narrows a search: give --topic, --topic-id or --query with it.`)
  }
  const { yearStart, yearEnd } = search
  if (yearStart !== undefined && yearEnd !== undefined && yearStart > yearEnd) {
    fail('BAD_OPTION', `--year-start ${yearStart} is later than --year-end ${yearEnd}; it must not be.`)
  }
  if (draft.given.filter((given) => given.kind === 'file' && given.path === '-').length > 1) {
    fail('BAD_OPTION', '--from - reads standard input, which can be read only once.')
  }
  const isFromZotero = draft.flags.has('from-zotero')
  const saysWhich = [draft.zoteroData, draft.zoteroUrl, draft.collection].some((one) => one !== undefined)
  if (!isFromZotero && saysWhich)
    fail(
      'BAD_OPTION',
      '--collection, --zotero-data and --zotero-url say which Zotero library: give --from-zotero with them.'
    )
  const given = isFromZotero
    ? [...draft.given, { kind: 'zotero' as const, ...zoteroAsk(draft) }]
    : draft.given
  return { given, search: searches ? search : null }
}

const NEEDS_SEARCH = {
  yearStart: '--year-start',
  yearEnd: '--year-end',
  oaOnly: '--oa-only',
  max: '--max',
  perPage: '--per-page'
}

export function neededSelectors(by: string, draft: Draft): Selectors {
  const found = selectors(draft)
  if (found.given.length === 0 && found.search === null) {
    fail(
      'BAD_OPTION',
      `${by} needs to know which works: give --topic, --topic-id, --query, --doi, --arxiv, --pmcid, --url, --from or --from-zotero.`
    )
  }
  return found
}

export function jobFilter(draft: Draft): Extract<Request, { command: 'jobs' }>['filter'] {
  return {
    ...(draft.states.length === 0 ? {} : { state: draft.states }),
    ...(draft.reasons.length === 0 ? {} : { reason: draft.reasons }),
    ...(draft.text === undefined ? {} : { text: draft.text }),
    ...(draft.list === undefined ? {} : { list: draft.list }),
    ...(draft.limit === undefined ? {} : { limit: draft.limit }),
    ...(draft.offset === undefined ? {} : { offset: draft.offset })
  }
}

export function handOffRequest(draft: Draft): RequestOf<'handoff'> {
  const watch = draft.watch ?? null
  const once = draft.flags.has('once')
  if (once && watch === null) fail('BAD_OPTION', '--once says how --watch looks: give --watch <dir> with it.')
  return {
    command: 'handoff',
    list: draft.list ?? null,
    limit: draft.limit ?? null,
    offset: draft.offset ?? 0,
    watch,
    once
  }
}

function zoteroAsk(draft: Draft): ZoteroAsk {
  return {
    dataDir: draft.zoteroData ?? null,
    collection: draft.collection ?? null,
    url: draft.zoteroUrl ?? null
  }
}

export function zoteroRequest(word: string, draft: Draft): RequestOf<'zotero'> {
  const action = actionOf('zotero', word, ['missing', 'send', 'attach'])
  const ask = zoteroAsk(draft)
  if (action === 'missing') {
    if (draft.given.length > 0 || draft.list !== undefined)
      fail('BAD_OPTION', 'zotero missing takes no papers; --collection narrows it.')
    return { command: 'zotero', action, ask }
  }
  return {
    command: 'zotero',
    action,
    ask,
    selectors: { given: draft.given, search: null },
    list: draft.list ?? null,
    dryRun: draft.flags.has('show-only'),
    again: draft.flags.has('again')
  }
}

/** An option without a default. */
export function needed<T extends string>(option: string, value: T | undefined, allowed: readonly T[]): T {
  return value ?? fail('BAD_OPTION', `${option} is needed; it must be one of ${allowed.join(', ')}.`)
}

/** The word after the command. */
export function actionOf<T extends string>(command: string, action: string, allowed: readonly T[]): T {
  const known = allowed.find((one) => one === action)
  const words = allowed.length === 1 ? allowed.join() : `one of ${allowed.join(', ')}`
  return known ?? fail('BAD_OPTION', `“${command} ${action}” is not known; it must be ${words}.`)
}

export function neededText(words: readonly string[]): string {
  const text = words.join(' ')
  return /[\p{L}\p{N}]/u.test(text) ? text : fail('BAD_OPTION', 'search needs at least one word to look for.')
}

function notComplete(command: string, said: readonly (string | undefined)[], allowed: string): never {
  return fail(
    'BAD_OPTION',
    `“${command} ${said.filter(Boolean).join(' ')}” is not complete; it must be ${allowed}.`
  )
}

export function quarantineAction(
  action: string,
  id: string | undefined
): Extract<Request, { command: 'quarantine' }>['action'] {
  if (action === 'list' && id === undefined) return { kind: 'list' }
  if ((action === 'accept' || action === 'reject') && id !== undefined) return { kind: action, id }
  return notComplete('quarantine', [action, id], 'list, accept <id> or reject <id>')
}

export function keysAction(
  action: string,
  service: string | undefined
): Extract<Request, { command: 'keys' }>['action'] {
  if (action === 'list' && service === undefined) return { kind: 'list' }
  if ((action === 'set' || action === 'remove') && service !== undefined) return { kind: action, service }
  return notComplete('keys', [action, service], 'list, set <service> or remove <service>')
}

export function sourcesAction(
  action: string,
  host: string | undefined
): Extract<Request, { command: 'sources' }>['action'] {
  if (action === 'list' && host === undefined) return { kind: 'list' }
  if ((action === 'open' || action === 'close') && host !== undefined) return { kind: action, host }
  return notComplete('sources', [action, host], 'list, open <host> or close <host>')
}

export function settingsAction(
  action: string,
  key: string | undefined,
  value: string | undefined
): Extract<Request, { command: 'settings' }>['action'] {
  if (action === 'get' && value === undefined) return { kind: 'get', key: key ?? null }
  if (action === 'set' && key !== undefined && value !== undefined) return { kind: 'set', key, value }
  return notComplete('settings', [action, key, value], 'get [key] or set <key> <value>')
}

export function titlesOf({ flags }: Draft): 'accept' | 'never' | null {
  if (!flags.has('accept-matches')) return flags.has('no-matches') ? 'never' : null
  return flags.has('no-matches')
    ? fail('BAD_OPTION', '--accept-matches and --no-matches contradict each other; give one of them.')
    : 'accept'
}
