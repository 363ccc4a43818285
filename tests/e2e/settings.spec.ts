/** Every field saves a valid value at once and rejects an invalid one with the allowed values. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { expect, test } from '../kit/app'
import { expectFigure, goTo, plan } from './screens'

/** Tab, field, invalid text, message, and the setting that must not change. */
const WRONG: readonly [tab: string, field: string, text: string, said: RegExp, key: string][] = [
  ['General', 'Contact address', 'nobody@', /An e-mail address such as/, 'general.mailto'],
  ['Crash safety', 'Canary share', '101', /from 0 to 100/, 'safety.canaryPercent'],
  ['Crash safety', 'Lease time', '0', /from 1 to 86,400/, 'safety.leaseTtlSeconds'],
  ['Crash safety', 'Automatic retries', '1.5', /whole number from 1 to 1,000/i, 'safety.maxAttempts'],
  ['Sources', 'Time per paper', '0', /from 1 to 3,600/, 'sources.plan'],
  ['Sources', 'Requests per paper', 'many', /whole number from 1 to 1,000/i, 'sources.plan'],
  ['Sources', 'Sources at once', '33', /from 1 to 32/, 'sources.plan'],
  ['Sources', 'Time per source', '-1', /from 0\.1 to 600/, 'sources.plan'],
  ['Sources', 'Longest wait for a rate limit', '601', /from 0 to 600/, 'sources.plan'],
  ['Sources', 'Unpaywall: time limit', '0', /0\.1 to 600/, 'sources.plan'],
  ['Sources', 'Unpaywall: retries', '-1', /from 0 to/, 'sources.plan'],
  ['Sources', 'Open-access services: at once', '17', /from 1 to 16/, 'sources.plan'],
  ['Network', 'Files at a time', '65', /from 1 to 64/, 'network.workers'],
  ['Network', 'Speed limit', 'fast', /1 kB|at least|1\.024|1,024/, 'network.maxBandwidth'],
  ['Network', 'Connections per host', '0', /from 1 to 32/, 'network.maxPerHost'],
  ['Network', 'Requests a second: *', '0', /From one request a day/, 'network.rates'],
  ['Network', 'Longest wait a server may ask for', '-5', /from 0 to 86,400/, 'network.retryAfterMaxSeconds'],
  ['Network', 'Institutional proxy', 'my library', /A web address such as/, 'network.proxyPrefix'],
  ['Network', 'Proxy', 'somewhere', /A web address such as/, 'network.proxy'],
  ['Network', 'Time to connect', '0', /from 0\.1 to 600/, 'network.connectTimeoutMs'],
  ['Network', 'Time to answer', 'x', /from 0\.1 to 600/, 'network.firstByteTimeoutMs'],
  ['Network', 'Time without a byte', '700', /from 0\.1 to 600/, 'network.stallTimeoutMs'],
  ['Files', 'Naming template', '', /From 1 to 300 characters/, 'files.nameTemplate'],
  ['Files', 'Citation keys', '[author]', /allowed are \[auth\]/, 'export.citationKey'],
  ['Files', 'Largest file', '0', /kB|at least|1,024|1\.024/, 'files.maxBytes']
]

async function tab(page: Page, name: string): Promise<void> {
  await page.getByRole('tab', { name }).click()
  await expect(page.getByRole('tabpanel', { name })).toBeVisible()
}

test('no field accepts an invalid value', async ({ openWorld }) => {
  const world = await openWorld([])
  const { page } = await world.start()
  await goTo(page, 'Settings')
  const before = world.settingsFile()
  let shown = ''
  for (const [section, name, text, said, key] of WRONG) {
    if (section !== shown) await tab(page, section)
    shown = section
    await test.step(`${name}: ${text}`, async () => {
      const field = page.getByRole('textbox', { name, exact: true }).first()
      await field.fill(text)
      await field.blur()
      await expect(field).toHaveAttribute('aria-invalid', 'true')
      await expect(field).toHaveAccessibleDescription(said)
      expect(world.settingsFile()[key], key).toEqual(before[key])
    })
  }
  await tab(page, 'Network')
  await page.getByRole('button', { name: 'Add a host' }).click()
  const host = page.getByRole('textbox', { name: 'Host', exact: true }).last()
  await host.fill('not a host!')
  await expect(page.getByText('A host name such as www.example.org, or *.')).toBeVisible()
  await page.getByRole('button', { name: 'Add a route' }).click()
  await page.getByRole('textbox', { name: 'From', exact: true }).last().fill('nowhere')
  await expect(page.getByText('From must be an origin such as https://example.org, or *.')).toBeVisible()
  await tab(page, 'Files')
  await page.getByRole('checkbox', { name: 'PDF' }).click()
  await expect(page.getByText('At least one format.')).toBeVisible()
  expect(world.settingsFile()).toEqual(before)
})

test('a valid value is saved at once, takes effect, and can be reset', async ({ openWorld }) => {
  const world = await openWorld([])
  const first = await world.start()
  const { page } = first
  await goTo(page, 'Settings')
  await tab(page, 'Network')
  const workers = page.getByRole('textbox', { name: 'Files at a time' })
  await workers.fill('7')
  await expect.poll(() => world.settingsFile()['network.workers']).toBe(7)
  await expect(page.getByText('Saved').first()).toBeVisible()
  await tab(page, 'Files')
  await page.getByRole('textbox', { name: 'Naming template' }).fill('{year} {title}')
  await expect(page.getByText(/^\d{4} .+\.pdf$/)).toBeVisible()
  await expect.poll(() => world.settingsFile()['files.nameTemplate']).toBe('{year} {title}')
  await page.getByRole('textbox', { name: 'Citation keys' }).fill('[auth:lower][shorttitle3_3][year]')
  await expect(page.getByText('piwowarStateOALarge2018', { exact: true })).toBeVisible()
  await expect
    .poll(() => world.settingsFile()['export.citationKey'])
    .toBe('[auth:lower][shorttitle3_3][year]')
  await first.close()

  const { page: again } = await world.start()
  await goTo(again, 'Settings')
  await tab(again, 'Network')
  await expect(again.getByRole('textbox', { name: 'Files at a time' })).toHaveValue('7')
  await again.getByRole('button', { name: 'Reset to default: Files at a time' }).click()
  await expect(again.getByRole('textbox', { name: 'Files at a time' })).toHaveValue('8')
  await expect.poll(() => world.settingsFile()['network.workers']).toBeUndefined()

  await again.getByRole('searchbox', { name: 'Search settings' }).fill('idempotency')
  await expect(again.getByRole('radio', { name: 'Canary' })).toBeVisible()
})

test('renaming existing papers shows their number first, then renames them once', async ({ openWorld }) => {
  const world = await openWorld([
    { key: 'mills', copies: [{ via: 'unpaywall' }] },
    { key: 'looms', copies: [{ via: 'unpaywall' }] }
  ])
  const { page } = await world.start()
  await plan(page, ['10.5555/mills', '10.5555/looms'])
  await expectFigure(page, 'done', 2)
  await goTo(page, 'Settings')
  await tab(page, 'Files')
  const rename = page.getByRole('button', { name: 'Rename existing files…' })
  await rename.click()
  await expect(page.getByText('Every paper has this name already.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Naming template' }).fill('{year}/{title}')
  await expect.poll(() => world.settingsFile()['files.nameTemplate']).toBe('{year}/{title}')
  await rename.click()
  const dialog = page.getByRole('dialog', { name: 'Rename 2 papers?' })
  await expect(dialog.getByRole('listitem')).toHaveCount(2)
  await dialog.getByRole('button', { name: 'Rename 2 papers' }).click()
  await expect(page.getByText('2 papers renamed.')).toBeVisible()
  const names = readdirSync(join(world.libraryDir, 'papers'), { recursive: true, encoding: 'utf8' })
  expect(names.filter((name) => /^\d{4}[\\/].+\.pdf$/.test(name))).toHaveLength(2)
  expect(names.filter((name) => /^[^\\/]+\.pdf$/.test(name))).toEqual([])
  await rename.click()
  await expect(page.getByText('Every paper has this name already.')).toBeVisible()
})
