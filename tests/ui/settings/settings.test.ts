/**
 * The settings screen with a fake main process: a wrong value is explained and not sent, a valid one is sent
 * once and takes effect, and a value fixed by the environment cannot be edited.
 */
import { fireEvent, render, screen, waitFor, within } from '@testing-library/svelte'
import { beforeEach, expect, it, vi } from 'vitest'
import { SETTINGS, type FallbackPlan, type SettingKey } from '../../../src/contract/settings'
import type { ConnectionTest, SettingsView } from '../../../src/contract/settings-views'
import { CATALOGUE } from '../../../src/renderer/views/settings/catalogue'
import SettingsScreen from '../../../src/renderer/views/settings/SettingsView.svelte'
import { fakeMain, Refusal, type FakeMain } from '../fake-main'

let tests: readonly Partial<ConnectionTest>[]
let values: Partial<Record<SettingKey, unknown>>
let overrides: Partial<Record<SettingKey, string>>
let refusing: string | null
let revision = 0

function view(): SettingsView {
  revision += 1
  return {
    entries: (Object.keys(SETTINGS) as SettingKey[]).map((key) => ({
      key,
      value: key in values ? values[key] : SETTINGS[key].default,
      default: SETTINGS[key].default,
      origin: overrides[key] !== undefined ? 'environment' : key in values ? 'file' : 'default',
      about: SETTINGS[key].about,
      unit: null,
      overriddenBy: overrides[key] ?? null
    })),
    problems: [],
    dataFolder: '/data',
    libraryFolder: '/home/you/Documents/Sheaf',
    revision
  }
}

let main: FakeMain
beforeEach(() => {
  values = {}
  overrides = {}
  refusing = null
  vi.stubGlobal('matchMedia', () => ({ matches: true }))
  main = fakeMain({
    'settings.list': view,
    'settings.set': ({ key, value }) => {
      if (refusing !== null) throw new Refusal(refusing)
      values[key] = value
      return view()
    },
    'settings.reset': ({ key }) => {
      values = Object.fromEntries(Object.entries(values).filter(([name]) => name !== key))
      return view()
    },
    'settings.testConnection': () => {
      const [test, ...others] = tests
      tests = others
      return { host: 'api.example.org', proxy: null, elapsedMs: 120, status: null, error: null, ...test }
    },
    'settings.nameExample': ({ template }) => ({ name: `${template}.pdf` }),
    'settings.keyExample': ({ pattern }) => ({ key: `key of ${pattern}` }),
    'app.remember': () => null
  })
})

async function open(section: string): Promise<void> {
  render(SettingsScreen)
  await fireEvent.click(await screen.findByRole('tab', { name: section }))
  await screen.findByRole('heading', { name: section })
}

/** The description of a field: the text of everything it refers to with aria-describedby. */
function saidAt(field: HTMLElement): string {
  const ids = field.getAttribute('aria-describedby')?.split(' ') ?? []
  return ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ')
}
const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

it('shows every setting of the contract exactly once', () => {
  const shown = CATALOGUE.flatMap((entry) => (entry.id === entry.key ? [entry.key] : []))
  expect([...shown].sort()).toEqual(Object.keys(SETTINGS).sort())
})

it('tests the connection with the values just typed, and shows the route and the result', async () => {
  tests = [
    { proxy: 'proxy.example.org:8080', status: 200 },
    { proxy: 'proxy.example.org:8080', status: 407 },
    {
      status: null,
      error: { code: 'TLS_FAILED', message: 'It is not trusted.', hint: 'Name it in network.caFile.' }
    }
  ]
  await open('Network')
  await fireEvent.input(screen.getByRole('textbox', { name: 'Proxy' }), { target: { value: 'system' } })
  const press = () => fireEvent.click(screen.getByRole('button', { name: 'Test connection' }))
  await press()
  await screen.findByText('api.example.org answered in 120 ms, through the proxy proxy.example.org:8080.')
  expect(values['network.proxy']).toBe('system')
  await press()
  await screen.findByText(/asks for a name and a password/)
  await press()
  await screen.findByText(/without a proxy. It is not trusted. Name it in network.caFile/)
})

it.each([
  ['Network', 'Files at a time', 'many', 'A whole number from 1 to 64.'],
  ['Network', 'Files at a time', '65', 'A whole number from 1 to 64.'],
  ['Network', 'Files at a time', '2.5', 'A whole number from 1 to 64.'],
  ['Network', 'Connections per host', '', 'A whole number from 1 to 32.'],
  ['Network', 'Time to connect', '0', 'A number from 0.1 to 600 s.'],
  ['Network', 'Speed limit', '0.5 or so', 'At least 1.024 kB a second, or nothing.'],
  [
    'Network',
    'Proxy',
    'not an address',
    'A web address such as http://proxy.example.org:8080, system, none, or nothing.'
  ],
  [
    'Network',
    'Institutional proxy',
    'x',
    'A web address such as https://login.example.edu/login?url= or https://%h.proxy.example.edu/%p, or nothing.'
  ],
  ['General', 'Contact address', 'me@', 'An e-mail address such as you@example.org, or nothing.'],
  ['Crash safety', 'Canary share', '101', 'A whole number from 0 to 100 %.'],
  ['Crash safety', 'Lease time', '-1', 'A number from 1 to 86,400 s.'],
  [
    'Files',
    'Naming template',
    '',
    'From 1 to 300 characters; allowed are {firstAuthor} {authors} {year} {title} {venue} {doi} {workId}; at most 4 subfolders.'
  ],
  ['Files', 'Largest file', '0', 'From 1.024 kB to 1.0 TB.'],
  ['Sources', 'Time per paper', 'long', 'A number from 1 to 3,600 s.'],
  ['Sources', 'Unpaywall: time limit', '0', 'Time limit: A number from 0.1 to 600 s.'],
  ['Sources', 'arXiv: retries', '11', 'Retries: A whole number from 0 to 10.']
])('%s, %s: %j is not sent, and the allowed values are shown', async (section, name, wrong, sentence) => {
  await open(section)
  const field = screen.getByLabelText(name, { selector: 'input[type=text]' })
  await fireEvent.input(field, { target: { value: wrong } })
  expect(field).toHaveProperty('value', wrong)
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(saidAt(field)).toContain(sentence)
  await after(500)
  expect(main.inputsOf('settings.set')).toEqual([])
})

it('sends a valid value once, shortly after the last key, in the units of the engine', async () => {
  await open('Network')
  const field = screen.getByLabelText('Time to connect')
  for (const text of ['1', '12', '12.5']) await fireEvent.input(field, { target: { value: text } })
  expect(main.inputsOf('settings.set')).toEqual([])
  await waitFor(() => {
    expect(main.inputsOf('settings.set')).toEqual([{ key: 'network.connectTimeoutMs', value: 12_500 }])
  })
  const row = field.closest<HTMLElement>('[data-setting]')
  await waitFor(() => {
    expect(row?.textContent).toContain('Saved')
  })
  expect(row?.textContent).toContain('Set by you')
})

it('does not send a valid value that became wrong before it was sent', async () => {
  await open('Network')
  const field = screen.getByLabelText('Files at a time')
  await fireEvent.input(field, { target: { value: '8' } })
  await fireEvent.input(field, { target: { value: '8x' } })
  await after(500)
  expect(main.inputsOf('settings.set')).toEqual([])
})

it('resets a changed field, and one with an invalid text', async () => {
  values = { 'network.workers': 9 }
  await open('Network')
  const field = screen.getByLabelText('Files at a time')
  expect(field).toHaveProperty('value', '9')
  await fireEvent.input(field, { target: { value: 'nine' } })
  await fireEvent.click(screen.getByRole('button', { name: 'Reset to default: Files at a time' }))
  await waitFor(() => {
    const fresh = screen.getByLabelText('Files at a time')
    expect(fresh).toHaveProperty('value', '8')
    expect(fresh.getAttribute('aria-invalid')).toBe('false')
    expect(saidAt(fresh)).not.toContain('whole number')
  })
  expect(screen.queryByRole('button', { name: 'Reset to default: Files at a time' })).toBeNull()
})

it('shows a refusal of main, and the value in force', async () => {
  refusing = 'The disk is full.'
  await open('General')
  const toggle = screen.getByRole('switch', { name: 'Keep the computer awake' })
  await fireEvent.click(toggle)
  await waitFor(() => {
    expect(saidAt(toggle)).toContain('The disk is full.')
  })
  expect(toggle.getAttribute('aria-checked')).toBe('false')
})

it('names the variable that fixes a value, and does not let the user change it', async () => {
  overrides = { 'safety.switch': 'DOCSTOKG_ENABLE_IDEMPOTENCY' }
  await open('Crash safety')
  expect(screen.getByText(/Decided by DOCSTOKG_ENABLE_IDEMPOTENCY/)).toBeTruthy()
  const group = screen.getByRole('radiogroup', { name: 'Crash-safe downloads' })
  for (const radio of within(group).getAllByRole('radio')) expect(radio).toHaveProperty('disabled', true)
})

it('moves a source within its group and to the next one, and sends the whole plan', async () => {
  await open('Sources')
  await fireEvent.click(screen.getByRole('button', { name: 'Move OpenAlex up' }))
  await fireEvent.click(screen.getByRole('button', { name: 'Move OpenAIRE down' }))
  await waitFor(() => {
    expect(main.inputsOf('settings.set')).toHaveLength(2)
  })
  const first = [...SETTINGS['sources.plan'].default.tiers[0]!.sources]
  const at = first.indexOf('openalex')
  const moved = [...first.slice(0, at - 1), 'openalex', first[at - 1]!, ...first.slice(at + 1)]
  expect(moved.at(-1)).toBe('openaire')
  const sent = main.inputsOf('settings.set').map(({ value }) => value as unknown as FallbackPlan)
  expect(sent.map((plan) => plan.tiers.map((tier) => tier.sources.join(' ')))).toEqual([
    [moved.join(' '), 'doi_redirect', 'landing_scrape europe_pmc', 'wayback openalex_content'],
    [
      moved.slice(0, -1).join(' '),
      'openaire doi_redirect',
      'landing_scrape europe_pmc',
      'wayback openalex_content'
    ]
  ])
  expect(SETTINGS['sources.plan'].schema.safeParse(sent[1]).success).toBe(true)
})

it('two fields of one plan changed at once are both kept', async () => {
  await open('Sources')
  await fireEvent.input(screen.getByLabelText('Time per paper'), { target: { value: '60' } })
  await fireEvent.input(screen.getByLabelText('Sources at once'), { target: { value: '5' } })
  await waitFor(() => {
    expect(values['sources.plan']).toMatchObject({ totalTimeoutMs: 60_000, maxConcurrent: 5 })
  })
})

it('adds, edits and removes hosts; a wrong row stops the table from being sent', async () => {
  await open('Network')
  await fireEvent.click(screen.getByRole('button', { name: 'Add a host' }))
  const host = screen.getAllByLabelText('Host').at(-1)!
  await fireEvent.input(host, { target: { value: 'not a host' } })
  expect(saidAt(host)).toContain('A host name such as www.example.org, or *.')
  await fireEvent.input(host, { target: { value: 'slow.example.org' } })
  expect(saidAt(host)).toContain('From one request a day to 10,000 a second.')
  await fireEvent.input(screen.getByLabelText('Requests a second: slow.example.org'), {
    target: { value: '0.25' }
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Remove doi.org' }))
  await waitFor(() => {
    const rates = values['network.rates'] as Record<string, number>
    expect(rates['slow.example.org']).toBe(0.25)
    expect(rates['doi.org']).toBeUndefined()
    expect(rates['arxiv.org'], 'an untouched third stays a third').toBe(1 / 3)
  })
})

it('finds settings of all sections by a word', async () => {
  render(SettingsScreen)
  await screen.findByRole('heading', { name: 'Settings' })
  await fireEvent.input(screen.getByLabelText('Search settings'), { target: { value: 'proxy' } })
  expect(screen.getByLabelText('Institutional proxy')).toBeTruthy()
  expect(screen.queryByLabelText('Files at a time')).toBeNull()
  await fireEvent.input(screen.getByLabelText('Search settings'), { target: { value: 'zzz' } })
  expect(screen.getByText('No setting is called that')).toBeTruthy()
})

it('arrow keys move through the sections', async () => {
  await open('General')
  const list = screen.getByRole('tablist')
  await fireEvent.keyDown(list, { key: 'ArrowDown' })
  expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Crash safety')
  await fireEvent.keyDown(list, { key: 'End' })
  expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Advanced')
})

it('refuses an empty list of formats with a message', async () => {
  await open('Files')
  const pdf = screen.getByRole('checkbox', { name: 'PDF' })
  await fireEvent.click(pdf)
  expect(saidAt(pdf)).toContain('At least one format.')
  expect(main.inputsOf('settings.set')).toEqual([])
  await fireEvent.click(screen.getByRole('checkbox', { name: 'HTML' }))
  await waitFor(() => {
    expect(main.inputsOf('settings.set')).toEqual([{ key: 'files.formats', value: ['html'] }])
  })
  expect(saidAt(pdf)).not.toContain('At least one format.')
})
