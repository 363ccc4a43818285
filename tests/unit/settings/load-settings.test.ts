import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SETTINGS } from '../../../src/contract/settings'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { loadSettings, type LoadedSettings, type LoadRequest } from '../../../src/main/settings/load-settings'
import { saveSetting } from '../../../src/main/settings/save-setting'
import { standardDataDir, standardLibraryDir } from '../../../src/main/settings/standard-folders'

let dataDir = ''
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sheaf-settings-'))
})
afterEach(async () => {
  await rm(dataDir, { recursive: true })
})

const load = (more: Partial<LoadRequest> = {}): Promise<LoadedSettings> =>
  loadSettings({ files: nodeFiles, env: {}, dataDir, ...more })
const file = (content: unknown): Promise<void> =>
  writeFile(join(dataDir, 'settings.json'), typeof content === 'string' ? content : JSON.stringify(content))
const sentences = (loaded: LoadedSettings): string => loaded.problems.map((p) => p.message).join('\n')

describe('precedence', () => {
  it('without any source, every value is the default', async () => {
    const loaded = await load()
    expect(Object.keys(loaded.settings)).toEqual(Object.keys(SETTINGS))
    expect(loaded.settings['network.workers']).toBe(SETTINGS['network.workers'].default)
    expect(new Set(Object.values(loaded.origins))).toEqual(new Set(['default']))
    expect(loaded.problems).toEqual([])
  })

  it('the switch: option over environment over file over off', async () => {
    const position = async (more: Partial<LoadRequest>): Promise<string> => {
      const { settings, origins } = await load(more)
      return `${settings['safety.switch']} by ${origins['safety.switch']}`
    }
    const env = (value: string): Partial<LoadRequest> => ({ env: { DOCSTOKG_ENABLE_IDEMPOTENCY: value } })
    const option = { overrides: { values: { 'safety.switch': 'canary' as const } } }
    expect(await position({})).toBe('off by default')
    expect(await position(env('true'))).toBe('on by environment')
    expect(await position(env('TRUE'))).toBe('on by environment')
    await file({ 'safety.switch': 'on' })
    expect(await position({})).toBe('on by file')
    expect(await position(env('False'))).toBe('off by environment')
    expect(await position({ ...env('true'), ...option })).toBe('canary by option')
    expect(await position(env(''))).toBe('on by file')
  })

  it('a wrong environment value is reported, and the next weaker source is used', async () => {
    const loaded = await load({
      env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'yes', DOCSTOKG_FALLBACK_TOTAL_ATTEMPTS: 'many' }
    })
    expect(loaded.settings['safety.switch']).toBe('off')
    expect(loaded.problems).toHaveLength(2)
    expect(sentences(loaded)).toContain('DOCSTOKG_ENABLE_IDEMPOTENCY is "yes"; it must be true or false')
    expect(sentences(loaded)).toContain('a whole number from 1 to 1000')
  })

  it('budgets: option over environment over plan file over settings file', async () => {
    await file({
      'sources.plan': { totalTimeoutMs: 1111, totalAttempts: 11, maxConcurrent: 5, perSourceTimeoutMs: 500 }
    })
    const planFile = join(dataDir, 'plan.yaml')
    await writeFile(planFile, 'budgets: {total_timeout_ms: 2222, total_attempts: 12, max_concurrent: 6}\n')
    const { settings, origins } = await load({
      env: { DOCSTOKG_FALLBACK_TOTAL_TIMEOUT_MS: '3333', DOCSTOKG_FALLBACK_TOTAL_ATTEMPTS: '13' },
      overrides: { values: {}, planFile, plan: { totalTimeoutMs: 4444 } }
    })
    const { totalTimeoutMs, totalAttempts, maxConcurrent, perSourceTimeoutMs } = settings['sources.plan']
    expect([totalTimeoutMs, totalAttempts, maxConcurrent, perSourceTimeoutMs]).toEqual([4444, 13, 6, 500])
    expect(origins['sources.plan']).toBe('option')
  })

  it('only some tiers, each with the number of sources asked at a time', async () => {
    const { settings } = await load({
      overrides: { values: {}, onlyTiers: ['archive', 'direct_oa'], tierParallel: { archive: 4 } }
    })
    expect(settings['sources.plan'].tiers.map(({ name, parallel }) => [name, parallel])).toEqual([
      ['direct_oa', 2],
      ['archive', 4]
    ])
  })

  it('a rate for every host replaces all; single rates are added to it', async () => {
    const one = await load({ overrides: { values: {}, rates: { 'arxiv.org': 9 } } })
    expect(one.settings['network.rates']).toMatchObject({ 'arxiv.org': 9, 'api.openalex.org': 5, '*': 2 })
    const all = await load({ overrides: { values: {}, rateOfEveryHost: 50, rates: { 'a.org': 1 } } })
    expect(all.settings['network.rates']).toEqual({ '*': 50, 'a.org': 1 })
  })
})

describe('defect 12: the switch is read from the environment, and canary is a percentage', () => {
  it('true means on, whatever the case', async () => {
    const { settings } = await load({ env: { DOCSTOKG_ENABLE_IDEMPOTENCY: 'True' } })
    expect(settings['safety.switch']).toBe('on')
  })
})

describe('an invalid settings file', () => {
  it('unknown keys and wrong values are reported; the rest counts', async () => {
    await file({
      'network.workers': 99,
      'network.wurkers': 1,
      'network.maxPerHost': 3,
      'sources.plan': { tiers: 4 }
    })
    const loaded = await load()
    expect(loaded.settings['network.workers']).toBe(SETTINGS['network.workers'].default)
    expect(loaded.settings['network.maxPerHost']).toBe(3)
    expect(loaded.origins['network.maxPerHost']).toBe('file')
    expect(sentences(loaded)).toContain(
      'settings.json: network.workers is 99; it must be a whole number from 1 to 64'
    )
    expect(sentences(loaded)).toContain('network.wurkers is not a setting')
    expect(sentences(loaded)).toContain('sources.plan.tiers')
  })

  it.each(['{ "network.workers": 8', '[1, 2]', 'null', '"x"', ''])(
    '%j is reported, not used, and never overwritten',
    async (text) => {
      await file(text)
      const loaded = await load()
      expect(loaded.settings['network.workers']).toBe(SETTINGS['network.workers'].default)
      expect(loaded.problems).toHaveLength(1)
      await expect(saveSetting(nodeFiles, dataDir, 'network.workers', '8')).rejects.toThrow(
        'Nothing was changed'
      )
      expect(await readFile(join(dataDir, 'settings.json'), 'utf8')).toBe(text)
    }
  )
})

describe('setting one value', () => {
  it('keeps keys that it does not know', async () => {
    await file({ future: { a: 1 }, 'network.maxPerHost': 'three' })
    await saveSetting(nodeFiles, dataDir, 'network.workers', '8')
    expect(JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'))).toEqual({
      future: { a: 1 },
      'network.maxPerHost': 'three',
      'network.workers': 8
    })
    expect((await load()).settings['network.workers']).toBe(8)
  })

  it('creates the data folder when it is missing', async () => {
    const fresh = join(dataDir, 'deep', 'er')
    await saveSetting(nodeFiles, fresh, 'general.mailto', 'a@example.org')
    expect((await load({ dataDir: fresh })).settings['general.mailto']).toBe('a@example.org')
  })

  it.each([
    ['network.workers', '0', 'a whole number from 1 to 64'],
    ['safety.switch', 'maybe', 'one of off, canary, on'],
    ['network.obeyRobots', 'yes', 'true or false'],
    ['general.mailto', 'nobody', 'an e-mail address'],
    ['files.formats', 'docx', 'one of pdf, xml, html'],
    ['network.maxBandwidth', 'lots', 'null'],
    ['sources.plan', '{"totalAttempts": 0}', 'from 1 to 1000'],
    ['network.worker', '3', 'network.workers']
  ])('%s = %s is refused with what is allowed', async (key, value, allowed) => {
    await expect(saveSetting(nodeFiles, dataDir, key, value)).rejects.toThrow(allowed)
    await expect(readFile(join(dataDir, 'settings.json'))).rejects.toThrow('ENOENT')
  })

  it.each([
    ['safety.switch', 'on', 'on'],
    ['network.obeyRobots', 'false', false],
    ['files.formats', 'pdf,xml', ['pdf', 'xml']],
    ['files.formats', 'xml', ['xml']],
    ['network.maxBandwidth', 'null', null],
    ['files.library', '/home/a, b/Papers', '/home/a, b/Papers'],
    ['files.library', '12', '12'],
    ['network.rates', '{"*": 5}', { '*': 5 }],
    ['sources.plan', '{"budgets": {"total_attempts": 7}}', { totalAttempts: 7 }]
  ])('%s = %s', async (key, text, value) => {
    expect(await saveSetting(nodeFiles, dataDir, key, text)).toEqual({ key, value })
  })
})

it('a folder that cannot be written is reported', async () => {
  await file({})
  const inFile = join(dataDir, 'settings.json', 'data')
  await expect(saveSetting(nodeFiles, inFile, 'network.workers', '8')).rejects.toMatchObject({
    code: 'FOLDER_UNUSABLE',
    message: expect.stringContaining(inFile) as string
  })
})

describe('standard folders', () => {
  const at = (platform: NodeJS.Platform, env = {}): string[] => {
    const machine = { platform, home: platform === 'win32' ? 'C:\\Users\\a' : '/home/a', env }
    return [standardDataDir(machine), standardLibraryDir(machine)]
  }
  it('follow the conventions of each system', () => {
    expect(at('linux')).toEqual(['/home/a/.local/share/sheaf', '/home/a/Documents/Sheaf'])
    expect(at('linux', { XDG_DATA_HOME: '/data' })[0]).toBe('/data/sheaf')
    expect(at('linux', { XDG_DATA_HOME: 'data' })[0]).toBe('/home/a/.local/share/sheaf')
    expect(at('darwin')[0]).toBe('/home/a/Library/Application Support/Sheaf')
    expect(at('win32')).toEqual(['C:\\Users\\a\\AppData\\Roaming\\Sheaf', 'C:\\Users\\a\\Documents\\Sheaf'])
  })
})
