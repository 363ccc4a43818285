/**
 * Looks up references identified only by title: Crossref first, one query each since it takes no lists;
 * OpenAlex where Crossref gave nothing certain, within the day's budget. Nothing is planned here. Answers are
 * durable before they are used, so that no query is repeated after a crash; with the switch off only this
 * process keeps them.
 */
import {
  SURE_SCORE,
  type TitleCandidate,
  type TitleMatch,
  type TitleService
} from '../../../contract/matches'
import type { WorkFacts } from '../../../contract/work'
import { dropOldTitleAnswers, saveTitleAnswer, titleAnswer } from '../../ledger/title-answers'
import { squeezed, withoutMarkup } from '../../library/plain-words'
import { isReading, readStatus } from '../../sources/reading'
import {
  candidateOfDraft,
  crossrefTitleUrl,
  openAlexTitled,
  parseCrossrefTitles
} from '../../sources/title-search'
import type { Engine } from '../engine'
import { bestMatch } from './score-match'
import { messageOf } from '../../../contract/errors'
import { DAY_SECONDS } from '../../../contract/durations'
import { sha256Hex } from '../../platform/sha256'

export interface HowToMatch {
  readonly signal: AbortSignal
  /** called once for each reference, in any order */
  readonly onMatch?: (index: number, match: TitleMatch) => void
  /** new queries to Crossref in this pass (default 500); a later pass answers the rest */
  readonly most?: number
}

/** New queries in one pass: without a contact address this takes eight minutes. */
const MOST_ASKED = 500
/** Share of a day's budget: without a key OpenAlex allows 100 searches. */
const MOST_SEARCHES = { withKey: 300, keyless: 20 } as const
/** Concurrent queries; the network's own limits of the service apply, too. */
const AT_ONCE = 3
/** Consecutive failures after which a service is not queried again in this pass. */
const GIVE_UP_AFTER = 2
const TIMEOUT_MS = 20_000
/** Lifetime of an answer: a DOI does not change, but a new one may be registered. */
const HOLDS_SECONDS = 30 * DAY_SECONDS
const UNANSWERED: TitleMatch = { verdict: 'unanswered', proposal: null }

export async function matchTitles(
  engine: Engine,
  references: readonly WorkFacts[],
  how: HowToMatch
): Promise<readonly TitleMatch[]> {
  const pass = new Pass(engine, how)
  const matches: TitleMatch[] = references.map(() => UNANSWERED)
  let next = 0
  const work = async (): Promise<void> => {
    for (let at = next++; at < references.length; at = next++) {
      how.signal.throwIfAborted()
      const match = await pass.match(references[at] ?? {})
      matches[at] = match
      how.onMatch?.(at, match)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return matches
}

class Pass {
  readonly #engine: Engine
  readonly #signal: AbortSignal
  readonly #most: number
  readonly #failures: Record<TitleService, number> = { crossref: 0, openalex: 0 }
  readonly #asked: Record<TitleService, number> = { crossref: 0, openalex: 0 }
  /** the same reference twice is one query */
  readonly #known = new Map<string, Promise<readonly TitleCandidate[] | null>>()

  constructor(engine: Engine, { signal, most = MOST_ASKED }: HowToMatch) {
    this.#engine = engine
    this.#signal = signal
    this.#most = most
    if (this.#remembers)
      engine.ledger.transact((w) => dropOldTitleAnswers(w, engine.host.clock.now() - HOLDS_SECONDS))
  }

  get #remembers(): boolean {
    return this.#engine.settings['safety.switch'] !== 'off' && this.#engine.ledger.trouble() === null
  }

  async match(cited: WorkFacts): Promise<TitleMatch> {
    const first = await this.#candidates('crossref', cited)
    const best = first === null ? UNANSWERED : bestMatch(cited, first)
    if ((best.proposal?.score ?? 0) >= SURE_SCORE) return best
    const second = await this.#candidates('openalex', cited)
    if (second === null) return best
    return bestMatch(cited, [...(first ?? []), ...second.filter((one) => !isAmong(one, first ?? []))])
  }

  #candidates(service: TitleService, cited: WorkFacts): Promise<readonly TitleCandidate[] | null> {
    const key = titleKey(cited)
    const name = `${service} ${key}`
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const answer = this.#ask(service, key, cited)
    this.#known.set(name, answer)
    return answer
  }

  async #ask(
    service: TitleService,
    key: string,
    cited: WorkFacts
  ): Promise<readonly TitleCandidate[] | null> {
    const { ledger, host } = this.#engine
    const since = host.clock.now() - HOLDS_SECONDS
    const stored = this.#remembers ? ledger.read((r) => titleAnswer(r, key, { service, since })) : null
    if (stored !== null) return stored.candidates
    if (!this.#mayAsk(service)) return null
    this.#asked[service] += 1
    try {
      const candidates = await (service === 'crossref' ? this.#crossref(cited) : this.#openAlex(cited))
      this.#failures[service] = 0
      if (this.#remembers)
        await ledger.commit((w) => {
          saveTitleAnswer(w, key, { service, candidates }, host.clock.now())
        })
      host.probe('LOOKUP: answered')
      return candidates
    } catch (error) {
      this.#signal.throwIfAborted()
      this.#failures[service] += 1
      host.log.debug('A title could not be looked up', { service, because: messageOf(error) })
      return null
    }
  }

  #mayAsk(service: TitleService): boolean {
    const { net, keyOf } = this.#engine
    if (this.#failures[service] >= GIVE_UP_AFTER) return false
    const most =
      service === 'crossref'
        ? this.#most
        : keyOf('openalex') === null
          ? MOST_SEARCHES.keyless
          : MOST_SEARCHES.withKey
    if (this.#asked[service] >= most) return false
    const url =
      service === 'crossref' ? 'https://api.crossref.org/works?' : 'https://api.openalex.org/works?search='
    return net.closed(url) === null && net.breakerOpenUntil(url) === null
  }

  async #crossref(cited: WorkFacts): Promise<readonly TitleCandidate[]> {
    const url = crossrefTitleUrl(cited, this.#engine.settings['general.mailto'])
    const answer = await this.#engine.net.text({
      url,
      purpose: 'api',
      signal: this.#signal,
      retries: 1,
      timeoutMs: TIMEOUT_MS
    })
    const found = readStatus(answer) ?? parseCrossrefTitles(answer.text)
    if (isReading(found)) throw new Error(found.detail)
    return found
  }

  async #openAlex(cited: WorkFacts): Promise<readonly TitleCandidate[]> {
    const { net, keyOf } = this.#engine
    const found = await openAlexTitled(cited.title ?? '', net, keyOf('openalex'), this.#signal)
    return found.flatMap((draft) => candidateOfDraft(draft) ?? [])
  }
}

function isAmong({ ids }: TitleCandidate, known: readonly TitleCandidate[]): boolean {
  return ids.doi !== undefined && known.some((one) => one.ids.doi === ids.doi)
}

/** Equal for all spellings of the same reference. */
function titleKey({ title, authors, year }: WorkFacts): string {
  const parts = [squeezed(withoutMarkup(title ?? '')), squeezed(authors?.[0] ?? ''), String(year ?? '')]
  return sha256Hex(parts.join('\n'))
}
