/**
 * A review author's workflow on the command line with real processes: a .bib of 300 references, 87 of which
 * need the user. Some are sent with the companion's own client, the others saved in the watched folder. The
 * report adds up; the .bib gets its links and no other change; Zotero has each item once after three calls.
 */
import type { ChildProcess } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { makePdf } from '../kit/make-pdf'
import { runCli, type CliEnd } from '../kit/run-cli'
import { repositoryRoot } from '../kit/shared'
import { tempFolder } from '../kit/temp-folder'
import { startZotero } from '../kit/zotero-loopback'
import { startWorld } from '../web/scholarly'
import type { WorldWork } from '../web/works'

const WORKS = 298
const NEED_A_PERSON = 87
const SENT = 30
const SAVED = 50
const LEFT = NEED_A_PERSON - SENT - SAVED

const SUBJECTS = [
  'Lichen',
  'Otter',
  'Peat',
  'Salmon',
  'Heather',
  'Kelp',
  'Curlew',
  'Granite',
  'Barley',
  'Willow'
]
const VERBS = [
  'growth',
  'decline',
  'mapping',
  'dating',
  'grazing',
  'acoustics',
  'chemistry',
  'genetics',
  'trade',
  'folklore'
]
const PLACES = ['Orkney', 'Alentejo', 'Lapland']
const CAUSES = [
  'drought',
  'flooding',
  'enclosure',
  'tourism',
  'frost',
  'wildfire',
  'harvest',
  'migration',
  'noise',
  'shade'
]

/** Titles with at most two words in common. */
function titleOf(n: number): string {
  const [a, b, c] = [n % 10, Math.floor(n / 10) % 10, Math.floor(n / 100) % 10]
  const cause = CAUSES[(a + 3 * b + 7 * c) % 10] ?? ''
  return `${SUBJECTS[a] ?? ''} ${VERBS[b] ?? ''} under ${cause} in ${PLACES[c] ?? ''}: survey ${String(100 + n)}`
}

const keyOf = (n: number): string => `ref${String(n)}`
const authorsOf = (n: number): string[] => [
  `Mirror${String.fromCharCode(97 + (n % 26))}${String(n)}, Ada`,
  'Lantern, Boris'
]

/** The last ones are behind a sign-in or a bot check, the others open. */
const works: readonly WorldWork[] = Array.from({ length: WORKS }, (_, n): WorldWork => {
  const isOpen = n < WORKS - NEED_A_PERSON
  // Each has its own host: a host that blocks repeatedly is not contacted for a while.
  const misbehave = { kind: n % 2 === 0 ? 'html-login' : 'html-bot-check' } as const
  return {
    key: keyOf(n),
    title: titleOf(n),
    authors: authorsOf(n),
    year: 1990 + (n % 30),
    copies: [
      {
        via: 'openalex',
        url: `https://${isOpen ? 'files' : 'publisher'}${String(isOpen ? n % 40 : n)}.example/${keyOf(n)}.pdf`,
        ...(isOpen ? {} : { misbehave })
      }
    ]
  }
})

/** A realistic .bib: strings, comments, a JabRef entry, odd spacing, and two entries twice. */
function bibliography(): string {
  const entry = (key: string, n: number): string =>
    [
      `@Article{${key},`,
      `   author  = {${authorsOf(n).join(' and ')}},`,
      `\ttitle={{${titleOf(n)}}},`,
      `   journal = quiet # { Ecology},  year=${String(1990 + (n % 30))},`,
      `   doi     = {${n % 3 === 0 ? 'https://doi.org/' : ''}10.5555/${keyOf(n)}},`,
      `   annote  = {Read {\\"u}ber; 100\\% sure},`,
      '}',
      ''
    ].join('\n')
  return [
    '% Encoding: UTF-8\n\n@String{quiet = {Annals of Quiet}}\n',
    ...works.map((_, n) => entry(`Mirror${String(n)}`, n)),
    entry('again4', 4),
    entry('again290', 290),
    '@Comment{jabref-meta: databaseType:bibtex;}\n'
  ].join('\n')
}

interface CompanionApi {
  readonly sendPdf: (what: { job?: string; url?: string; blob: Blob }) => Promise<{
    kind: string
    code?: string
    answer?: { outcome: string; job_id: string }
  }>
}

/** The client that the extension itself uses. */
async function clientOf(at: { readonly port: number; readonly token: string }): Promise<CompanionApi> {
  const file = pathToFileURL(join(repositoryRoot, 'resources/companion/lib/api.js')).href
  const { makeApi } = (await import(file)) as { makeApi: (at: object) => CompanionApi }
  return makeApi(at)
}

interface Waiting {
  readonly job_id: string
  readonly identifier: string
  readonly reason: string
  readonly url: string
}
const rowsOf = <T>(end: CliEnd, type: string): T[] =>
  (end.lines as unknown as { readonly type: string }[]).filter((line) => line.type === type) as unknown as T[]
const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, one) => all + one, 0)

test('300 references: every one accounted for, in the library, the report, the .bib and Zotero', async () => {
  const { world, web } = await startWorld(works)
  onTestFinished(() => web.close())
  const folder = tempFolder('review')
  const dataDir = join(folder, 'data')
  const bib = join(folder, 'review.bib')
  const before = bibliography()
  writeFileSync(bib, before)
  const here = ['--data-dir', dataDir, '--out', join(folder, 'library'), '--json']
  const routes = web.connectTo.flatMap(({ from, to }) => ['--connect-to', `${from}=${to}`])
  const engine = [
    ...here,
    ...routes,
    '--rate',
    '*=2000/s',
    '--workers',
    '12',
    '--sources',
    'openalex',
    '--max-attempts',
    '1',
    '--mailto',
    'a@example.org'
  ]
  const local = (...args: string[]): Promise<CliEnd> => runCli([...args, ...here], { timeoutMs: 240_000 })
  await local('settings', 'set', 'safety.switch', 'on')

  // Open copies are downloaded.
  const run = await runCli(['run', '--from', bib, '--list', 'review', ...engine], { timeoutMs: 240_000 })
  expect(run.status).toBe(3)
  const waiting = rowsOf<Waiting>(await local('handoff', '--list', 'review'), 'handoff')
  expect(waiting).toHaveLength(NEED_A_PERSON)
  expect(new Set(waiting.map(({ reason }) => reason))).toEqual(new Set(['LOGIN_PAGE', 'BOT_CHECK']))
  const pdfOf = ({ identifier }: Waiting): Blob =>
    new Blob([new Uint8Array(world.pdf(identifier.replace('10.5555/', '')))])

  // Some are sent from the browser: for a job, and from the page that the list opens; one is another paper.
  await serving(engine, dataDir, async (api) => {
    for (const [n, row] of waiting.slice(0, SENT).entries()) {
      const place = n % 2 === 0 ? { job: row.job_id } : { url: row.url }
      const sent = await api.sendPdf({ ...place, blob: pdfOf(row) })
      expect(sent).toMatchObject({ kind: 'ok', answer: { outcome: 'attached', job_id: row.job_id } })
    }
    const wrong = makePdf({
      title: 'Invoice for three chairs',
      authors: ['Nora Hedge'],
      year: 2011,
      doi: '10.5555/chairs'
    })
    const last = waiting.at(-1) as Waiting
    const refused = await api.sendPdf({ job: last.job_id, blob: new Blob([new Uint8Array(wrong)]) })
    expect(refused).toMatchObject({ kind: 'refused', code: 'WRONG_PAPER' })
  })
  expect(rowsOf(await local('quarantine', 'list'), 'quarantined')).toHaveLength(1)

  // The others are saved under publishers' file names, one of them twice, among unrelated files.
  const downloads = join(folder, 'downloads')
  mkdirSync(downloads)
  await local('handoff', '--watch', downloads, '--once')
  for (const [n, row] of waiting.slice(SENT, SENT + SAVED).entries())
    writeFileSync(
      join(downloads, `1-s2.0-S00${String(n)}-main.pdf`),
      Buffer.from(await pdfOf(row).arrayBuffer())
    )
  writeFileSync(
    join(downloads, 'main (1).pdf'),
    Buffer.from(await pdfOf(waiting[SENT] as Waiting).arrayBuffer())
  )
  writeFileSync(join(downloads, 'notes.txt'), 'bring milk')
  const watched = await local('handoff', '--watch', downloads, '--once')
  expect(watched.lines.at(-1)).toMatchObject({ type: 'summary', attached: SAVED, asked: 0 })

  // The numbers add up.
  const report = JSON.parse(
    (
      await runCli([
        'report',
        '--list',
        'review',
        '--format',
        'json',
        '--data-dir',
        dataDir,
        '--out',
        join(folder, 'library')
      ])
    ).stdout
  ) as Readonly<
    Record<'records' | 'duplicates' | 'refused' | 'sought' | 'retrieved' | 'not_retrieved', number>
  > &
    Readonly<Record<'by_reason' | 'by_source', Readonly<Record<string, number>>>>
  expect(report).toMatchObject({
    records: 300,
    duplicates: 2,
    refused: 0,
    sought: WORKS,
    not_retrieved: LEFT
  })
  expect(report.records).toBe(report.sought + report.duplicates + report.refused)
  expect(report.sought).toBe(report.retrieved + report.not_retrieved)
  expect(sum(report.by_reason)).toBe(LEFT)
  expect(report.by_source).toEqual({ openalex: WORKS - NEED_A_PERSON, manual: SENT + SAVED })
  const svg = (
    await runCli([
      'report',
      '--list',
      'review',
      '--format',
      'svg',
      '--data-dir',
      dataDir,
      '--out',
      join(folder, 'library')
    ])
  ).stdout
  for (const number of [300, 2, WORKS, LEFT]) expect(svg).toContain(`n = ${String(number)}`)

  // The .bib has its links and is otherwise unchanged, byte for byte.
  const linked = await local('bib', 'link', bib)
  expect(linked.lines.at(-1)).toMatchObject({ type: 'summary', not_here: LEFT })
  const after = readFileSync(bib, 'utf8')
  const links = after
    .split('\n')
    .filter((line) => /^\s*file\s*=\s*\{:library\/papers\/.*\.pdf:PDF\},$/.test(line))
  expect(links).toHaveLength(300 - LEFT)
  expect(
    after
      .split('\n')
      .filter((line) => !links.includes(line))
      .join('\n')
  ).toBe(before)

  // Zotero: three calls, each item once, each with its file.
  const zotero = await startZotero()
  onTestFinished(() => zotero.close())
  for (let press = 1; press <= 3; press += 1) {
    const sent = await runCli(
      ['zotero', 'send', '--list', 'review', '--zotero-url', zotero.origin, ...here],
      {
        env: { HOME: folder },
        timeoutMs: 240_000
      }
    )
    const papers = WORKS - LEFT
    expect(sent.lines.at(-1)).toMatchObject({
      sent: press === 1 ? papers : 0,
      existing: press === 1 ? 0 : papers,
      failed: 0
    })
  }
  const items = zotero.papers()
  expect(new Set(items.map(({ data }) => data['DOI'])).size).toBe(items.length)
  expect(items).toHaveLength(WORKS - LEFT)
  expect(items.filter(({ key }) => zotero.filesOf(key).length !== 1)).toEqual([])
}, 600_000)

/** Runs `sheaf serve` while `work` runs. */
async function serving(
  engine: readonly string[],
  dataDir: string,
  work: (api: CompanionApi) => Promise<void>
): Promise<void> {
  let child: ChildProcess | undefined
  let served: Promise<CliEnd> | undefined
  const at = new Promise<{ readonly port: number; readonly token: string }>((resolve, reject) => {
    served = runCli(['serve', '--port', '0', ...engine], {
      timeoutMs: 240_000,
      onStart: (started) => (child = started),
      killWhen(line) {
        const { type, port } = line as unknown as { readonly type: string; readonly port: number }
        if (type !== 'listening') return false
        const kept = JSON.parse(readFileSync(join(dataDir, 'keys-companion.json'), 'utf8')) as {
          plain: string
        }
        resolve({ port, token: kept.plain })
        return false
      }
    })
    served.then((end) => {
      reject(new Error(end.stderr))
    }, reject)
  })
  try {
    await work(await clientOf(await at))
  } finally {
    child?.kill('SIGTERM')
    await served
  }
}
