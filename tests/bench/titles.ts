/**
 * Real references whose identifiers were taken away, looked up by title on a loopback that plays
 * Crossref's search over real records and their look-alikes. Each reference is asked twice: with its
 * record in the pool (how many are found?), and with only the look-alikes there (how many are wrong?).
 * Prints what was proposed as sure, what asks, and each wrong one; asserts nothing.
 *
 *   npm run bench -- titles [--all]
 */
import { SURE_SCORE, type TitleMatch } from '../../src/contract/matches'
import { openWorldForAll } from '../kit/sheaf-world'
import { lookAlikes, titlePool, titleReferences, type TitleReference } from '../kit/title-references'
import { bibliographicIndex, type CrossrefRecord } from '../web/bibliographic-search'
import { json } from '../web/service-answers'
import { startWeb } from '../web/web'

const showsAll = process.argv.includes('--all')
const references = titleReferences()
const pool = titlePool()
const cited = new Set(references.map(({ doi }) => doi))
const withLookAlikes = pool.flatMap((record) =>
  cited.has(record.DOI) ? [record, ...lookAlikes(record)] : [record]
)
const withoutThem = withLookAlikes.filter(({ DOI }) => !cited.has(DOI))

const found = await ask(withLookAlikes)
const missing = await ask(withoutThem)
const sure = (match: TitleMatch | undefined): match is TitleMatch => match?.verdict === 'sure'
const isRight = (match: TitleMatch | undefined, at: number): boolean =>
  match?.proposal?.ids.doi === references[at]?.doi
const right = references.filter((_, at) => sure(found[at]) && isRight(found[at], at)).length
const asks = references.filter((_, at) => !sure(found[at]) && isRight(found[at], at)).length
const wrong = references.flatMap((reference, at) => {
  const bad = [
    sure(found[at]) && !isRight(found[at], at) ? found[at] : null,
    sure(missing[at]) ? missing[at] : null
  ]
  return bad.flatMap((match) => (match === null ? [] : [{ reference, match }]))
})
const byOthers = references.flatMap(({ independent }, at) => (independent ? [at] : []))

console.log(
  `${String(references.length)} references, ${String(byOthers.length)} of them with a record by another hand; pool of ${String(withLookAlikes.length)} records`
)
say('found: proposed with a score of at least ' + String(SURE_SCORE), right, references.length)
say(
  '  of those with a record by another hand',
  byOthers.filter((at) => sure(found[at]) && isRight(found[at], at)).length,
  byOthers.length
)
say('shown, to be accepted one by one', asks, references.length)
say('wrong: another work proposed as sure', wrong.length, 2 * references.length)
for (const { reference, match } of wrong) tell(reference, match)
if (showsAll)
  references.forEach((reference, at) => {
    const match = found[at]
    if (match !== undefined && !sure(match)) tell(reference, match)
  })

async function ask(records: readonly CrossrefRecord[]): Promise<readonly TitleMatch[]> {
  const index = bibliographicIndex(records)
  const web = await startWeb({
    sites: [
      ({ url }) => {
        const { hostname, searchParams } = new URL(url)
        if (hostname !== 'api.crossref.org') return null
        const items = index.find(
          searchParams.get('query.bibliographic') ?? '',
          Number(searchParams.get('rows'))
        )
        return json({ status: 'ok', 'message-type': 'work-list', message: { items } })
      }
    ]
  })
  const { world, close } = await openWorldForAll(web, { settings: { 'safety.switch': 'off' } })
  try {
    return await world.sheaf.matchTitles(
      references.map(({ cited: facts }) => facts),
      { signal: new AbortController().signal, most: references.length }
    )
  } finally {
    await close()
    await web.close()
  }
}

function say(what: string, n: number, of: number): void {
  console.log(`${what}: ${String(n)} of ${String(of)} (${((100 * n) / of).toFixed(1)} %)`)
}

function tell({ cited: facts, doi, from }: TitleReference, { proposal, verdict }: TitleMatch): void {
  const got =
    proposal === null
      ? 'nothing'
      : `${String(proposal.score)} ${String(proposal.doubt)} ${proposal.ids.doi ?? ''} “${String(proposal.facts.title)}” ${String(proposal.facts.authors?.[0])} ${String(proposal.facts.year)} ${String(proposal.facts.type)}`
  console.log(
    `  ${verdict}: “${facts.title}” ${String(facts.authors[0])} ${String(facts.year)} ${String(facts.type)} (${doi}, ${from})\n     ${got}`
  )
}
