/**
 * G4: copies that cost money. OpenAlex's own copies are used only with a key and a budget, and after every
 * free copy. Concurrent jobs share the budget, and nothing that was or may have been billed is requested
 * twice.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import type { KeyName } from '../../src/contract/keys'
import { openLedgerFile } from '../kit/ledger-file'
import { linesOf, runCli } from '../kit/run-cli'
import { defaultSettings } from '../../src/contract/settings'
import { draft, openWorld, type SheafWorld } from '../kit/sheaf-world'
import { tempFolder } from '../kit/temp-folder'
import { startWorld, type World } from '../web/scholarly'
import { GOOD_KEY } from '../web/service-openalex-content'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'

const CONTENT = 'https://content.openalex.org/'
const never = new AbortController().signal

const onlyThere = (
  key: string,
  misbehave?: NonNullable<WorldWork['copies']>[number]['misbehave']
): WorldWork => ({
  key,
  landing: 'none',
  copies: [{ via: 'openalex_content', ...(misbehave === undefined ? {} : { misbehave }) }]
})

async function start(works: readonly WorldWork[]): Promise<{ web: Web; world: World; dois: string[] }> {
  const { web, world } = await startWorld(works)
  onTestFinished(() => web.close())
  return { web, world, dois: works.map(({ key }) => `10.5555/${key}`) }
}

const open = (
  web: Web,
  budgetUsd: number,
  how: { readonly key?: string | null; readonly switch?: 'on' | 'off'; readonly every?: boolean } = {}
): Promise<SheafWorld> => {
  const { key = GOOD_KEY } = how
  return openWorld(web, {
    keys: (name: KeyName) => (name === 'openalex' ? key : null),
    settings: {
      'sources.paidBudgetUsd': budgetUsd,
      'safety.switch': how.switch ?? 'on',
      ...(how.every === true ? {} : { 'sources.plan': OPENALEX_ALONE })
    }
  })
}

/** The other sources have no copy here and answer slowly. */
const OPENALEX_ALONE = {
  ...defaultSettings()['sources.plan'],
  tiers: [
    { name: 'direct_oa' as const, parallel: 1, sources: ['openalex' as const] },
    { name: 'archive' as const, parallel: 1, sources: ['openalex_content' as const] }
  ]
}

const paidRequests = (web: Web): number => web.requests.filter(({ url }) => url.startsWith(CONTENT)).length
const reasons = (sheaf: SheafWorld): unknown[] => sheaf.sheaf.jobs({}).map(({ reason }) => reason)
const purchases = async (sheaf: SheafWorld): Promise<readonly unknown[]> => {
  await sheaf.sheaf.close()
  const ledger = await openLedgerFile(sheaf.dataDir)
  const rows = ledger.rows(
    'SELECT item, attempt, price_micros, outcome, billed_micros FROM purchases ORDER BY item'
  )
  ledger.close()
  return rows
}

test('without a budget, a key or a ledger nothing is bought; with all three the preview shows the price, and the copy is bought once', async () => {
  const { web, world, dois } = await start([
    onlyThere('paid'),
    { key: 'free', copies: [{ via: 'openalex' }, { via: 'openalex_content' }] }
  ])
  for (const how of [{ budget: 0 }, { budget: 1, key: null }, { budget: 1, switch: 'off' as const }]) {
    const sheaf = await open(web, how.budget, how)
    expect(await sheaf.run(dois)).toMatchObject({ done: 1, failed: 1 })
    expect(paidRequests(web)).toBe(0)
  }
  const sheaf = await open(web, 1, { every: true })
  await sheaf.sheaf.preview({ drafts: dois.map(draft), formats: ['pdf'], onlyFirst: true }, never)
  expect(paidRequests(web), 'a preview costs nothing').toBe(0)
  expect(sheaf.linesOf('expected').map((line) => [line.source, line.price_usd])).toEqual([
    ['openalex_content', 0.01],
    ['openalex', 0]
  ])
  expect(sheaf.linesOf('forecast')[0]).toMatchObject({ expected: 2, paid_usd: 0.01 })

  expect(await sheaf.run(dois)).toMatchObject({ done: 2, failed: 0, paid_usd: 0.01 })
  expect(await sheaf.run(dois)).toMatchObject({ done: 0, failed: 0 })
  expect(world.bills).toEqual([{ url: world.fileUrl('paid'), usd: 0.01 }])
  expect(JSON.stringify(sheaf.lines) + JSON.stringify(sheaf.said)).not.toContain(GOOD_KEY)
  expect(await purchases(sheaf)).toEqual([
    {
      item: `openalex:${world.work('paid').openalex}:pdf`,
      attempt: 1,
      price_micros: 10_000,
      outcome: 'PAID',
      billed_micros: 10_000
    }
  ])
})

test('concurrent jobs spend no more than the budget; they continue the next day', async () => {
  const works = Array.from({ length: 7 }, (_, n) => onlyThere(`b${String(n)}`))
  const { web, world, dois } = await start(works)
  const sheaf = await open(web, 0.03)
  const { forecast } = await sheaf.sheaf.preview(
    { drafts: dois.map(draft), formats: ['pdf'], onlyFirst: true },
    never
  )
  expect(forecast, 'the number of copies that the budget covers').toMatchObject({
    works: 7,
    expected: 3,
    paid_usd: 0.03
  })
  expect(await sheaf.run(dois)).toMatchObject({ done: 3, paid_usd: 0.03 })
  expect(world.bills).toHaveLength(3)
  expect(reasons(sheaf).filter((reason) => reason === 'PAID_BUDGET_SPENT')).toHaveLength(4)
  const midnight = (Math.floor(Date.now() / 86_400_000) + 1) * 86_400
  expect(sheaf.sheaf.dueAt()).toBeGreaterThanOrEqual(midnight)
})

test('a copy whose response broke off after it was billed is not requested again', async () => {
  const { web, world, dois } = await start([onlyThere('broken', { kind: 'close-once' })])
  const sheaf = await open(web, 1)
  expect(await sheaf.run(dois)).toMatchObject({ done: 0 })
  await sheaf.sheaf.retry({})
  await sheaf.run()
  expect(world.bills).toHaveLength(1)
  expect(reasons(sheaf)[0]).toMatch(/^PAID_BEFORE|PAYMENT_UNKNOWN$/)
})

test('a wrong key and a missing file are reported, and cost nothing or little', async () => {
  const elsewhere = 'https://content.openalex.org/works/W1.pdf'
  const { web, world, dois } = await start([
    { key: 'gone', landing: 'none', copies: [{ via: 'openalex_content', url: elsewhere }] }
  ])
  const wrong = await open(web, 1, { key: 'a-wrong-key' })
  await wrong.run(dois)
  expect(reasons(wrong)).toEqual(['KEY_REFUSED'])
  expect(world.bills).toEqual([])
  expect(await purchases(wrong)).toEqual([expect.objectContaining({ outcome: 'REFUSED', billed_micros: 0 })])

  const right = await open(web, 1)
  expect(await right.run(dois)).toMatchObject({ done: 0, paid_usd: 0.0001 })
  await right.sheaf.retry({})
  await right.run()
  expect(world.bills).toHaveLength(1)
  expect(await purchases(right)).toEqual([
    expect.objectContaining({ outcome: 'NOT_THERE', billed_micros: 100 })
  ])
})

test('a request that was never sent costs nothing and is retried', async () => {
  const { web, dois } = await start([onlyThere('refused', { kind: 'connection-refused' })])
  const sheaf = await open(web, 1)
  const stop = new AbortController()
  setTimeout(() => {
    stop.abort()
  }, 4_000)
  await sheaf.run(dois, stop.signal)
  const [row] = await purchases(sheaf)
  expect(row).toMatchObject({ outcome: 'NOT_SENT', billed_micros: 0 })
  expect((row as { attempt: number }).attempt).toBeGreaterThan(1)
})

test('killed between request and response: the next start assumes that it was billed, and buys nothing twice', async () => {
  const { web, world, dois } = await start([
    onlyThere('killed', { kind: 'stall-before-headers' }),
    onlyThere('other')
  ])
  const folder = tempFolder()
  const cli = (doi: string, onStart?: (kill: () => void) => void): ReturnType<typeof runCli> =>
    runCli(
      [
        ...['run', '--doi', doi, '--json', '--enable-idempotency', '--paid-budget', '0.02'],
        ...[
          '--sources',
          'openalex,openalex_content',
          '--mailto',
          'reader@example.org',
          '--rate',
          '*=500/s',
          '--out',
          `${folder}/library`
        ],
        ...['--data-dir', `${folder}/data`, ...web.connectToArguments]
      ],
      {
        env: { OPENALEX_API_KEY: GOOD_KEY },
        onStart: (child) => onStart?.(() => child.kill('SIGKILL'))
      }
    )
  const killed = await cli(dois[0] ?? '', (kill) => {
    web.on('request', ({ url }) => {
      if (url === world.fileUrl('killed')) void wait(100).then(kill)
    })
  })
  expect(killed.signal).toBe('SIGKILL')
  expect(world.bills).toHaveLength(1)

  const again = await cli(dois[0] ?? '')
  expect(world.bills, 'not requested again').toHaveLength(1)
  expect(linesOf(again, 'summary')[0]).toMatchObject({ done: 0, by_reason: { PAYMENT_UNKNOWN: 1 } })
  const other = await cli(dois[1] ?? '')
  expect(
    linesOf(other, 'summary')[0],
    'the unknown purchase counts as spent, and one more fits the budget'
  ).toMatchObject({
    done: 1,
    paid_usd: 0.01
  })
  expect(world.bills).toHaveLength(2)
}, 240_000)
