import { describe, expect, it } from 'vitest'
import { readArguments } from '../../../src/main/cli/arguments'
import type { Invocation, Request } from '../../../src/main/cli/invocation'
import { isSheafError } from '../../../src/contract/errors'
import { SOURCES } from '../../../src/contract/words'

const read = (line: string | readonly string[]): Invocation => {
  const argv = typeof line === 'string' ? line.split(' ').filter(Boolean) : line
  const result = readArguments(argv, '1.2.3')
  if (result.kind !== 'invocation') throw new Error(`help was shown: ${result.text}`)
  return result
}
const request = (line: string): Request => read(line).request

/** The message with which a command line is refused. */
function refusal(line: string | readonly string[]): string {
  try {
    read(line)
  } catch (error) {
    if (isSheafError(error, 'BAD_OPTION') || isSheafError(error, 'BAD_SETTING')) return error.message
    throw error
  }
  throw new Error(`accepted: ${String(line)}`)
}

describe('a valid command line', () => {
  it('gives the same result wherever its options stand', () => {
    const after = read('run --doi 10.1/a --workers 8 --json --rate *=100/s')
    const before = read('--json --workers 8 run --rate *=100/s --doi 10.1/a')
    expect(before).toEqual(after)
    expect(after).toMatchObject({
      json: true,
      overrides: { values: { 'network.workers': 8 }, rateOfEveryHost: 100 }
    })
  })

  it('keeps selectors in the order given', () => {
    expect(request('plan --doi 10.1/a --from a.bib --doi 10.1/b --from -')).toMatchObject({
      selectors: {
        given: [
          { kind: 'identifier', option: '--doi', text: '10.1/a' },
          { kind: 'file', path: 'a.bib' },
          { kind: 'identifier', option: '--doi', text: '10.1/b' },
          { kind: 'file', path: '-' }
        ],
        search: null
      }
    })
  })

  it('reads a search with its limits', () => {
    const line = ['plan', '--topic', 'coral reefs', '--year-start', '2020', '--oa-only', '--max', '50']
    expect(read(line).request).toMatchObject({
      selectors: { search: { topic: 'coral reefs', yearStart: 2020, oaOnly: true, max: 50 } }
    })
    expect(request('plan --topic-id https://openalex.org/t123')).toMatchObject({
      selectors: { search: { topicId: 'T123' } }
    })
  })

  it('maps every engine option to its setting', () => {
    const { overrides } = read(
      'run --enable-idempotency --mailto a@example.org --formats pdf,xml --max-bandwidth 1.5MiB ' +
        '--max-per-host 3 --ignore-robots --allow-private-hosts --proxy-prefix https://p.example.org/?u= ' +
        '--connect-to *=http://127.0.0.1:8080 --connect-to https://a.org=http://127.0.0.1:1 ' +
        '--lease-ttl 5 --max-attempts 2 --stall-timeout 0.5 --rate arxiv.org=1/3s --rate b.org=30/m ' +
        '--fallback-total-attempts 5 --fallback-offline-behavior block_all --disable-source wayback'
    )
    expect(overrides.values).toEqual({
      'safety.switch': 'on',
      'general.mailto': 'a@example.org',
      'files.formats': ['pdf', 'xml'],
      'network.maxBandwidth': 1_572_864,
      'network.maxPerHost': 3,
      'network.obeyRobots': false,
      'network.allowPrivateHosts': true,
      'network.proxyPrefix': 'https://p.example.org/?u=',
      'network.connectTo': [
        { from: '*', to: 'http://127.0.0.1:8080' },
        { from: 'https://a.org', to: 'http://127.0.0.1:1' }
      ],
      'safety.leaseTtlSeconds': 5,
      'safety.maxAttempts': 2,
      'network.stallTimeoutMs': 500
    })
    expect(overrides.rates).toEqual({ 'arxiv.org': 1 / 3, 'b.org': 0.5 })
    expect(overrides.plan).toEqual({
      totalAttempts: 5,
      offlineBehavior: 'block_all',
      policies: { wayback: { enabled: false } }
    })
  })

  it("takes tiers in DocsToKG's syntax, each with the number of sources asked at a time", () => {
    const { overrides } = read(
      'run --fallback-tier direct_oa:parallel=3 --fallback-tier archive --fallback-max-attempts 15'
    )
    expect(overrides).toMatchObject({
      onlyTiers: ['direct_oa', 'archive'],
      tierParallel: { direct_oa: 3 },
      plan: { totalAttempts: 15 }
    })
    for (const wrong of ['direct:parallel=2', 'archive:parallel=0', 'archive:parallel=17', 'archive:x=1'])
      expect(refusal(`run --fallback-tier ${wrong}`)).toMatch(/one of direct_oa, .*:parallel=1 to/)
  })

  it('takes a plan preset and single options beside it', () => {
    const { overrides } = read('run --fallback-preset fast --fallback-total-attempts 7')
    expect(overrides).toMatchObject({ planPreset: 'fast', plan: { totalAttempts: 7 } })
    expect(refusal('run --fallback-preset quick')).toContain('one of fast, reliable, light, low-bandwidth')
  })

  it('enables only the sources named', () => {
    const { plan } = read('run --sources unpaywall,arxiv --disable-source arxiv').overrides
    const enabled = Object.entries(plan?.policies ?? {}).filter(([, policy]) => policy.enabled)
    expect(enabled.map(([name]) => name)).toEqual(['unpaywall'])
    expect(Object.keys(plan?.policies ?? {})).toHaveLength(SOURCES.length)
  })

  it.each([
    ['status', { command: 'status', list: null }],
    ['status --list r', { command: 'status', list: 'r' }],
    ['lists', { command: 'lists' }],
    [
      'report --list r --format svg --output f.svg',
      { command: 'report', list: 'r', format: 'svg', output: 'f.svg' }
    ],
    ['import a b --accept', { command: 'import', paths: ['a', 'b'], accept: true, as: null, lookUp: true }],
    [
      'jobs --state FAILED,planned --reason no_open_copy --limit 5 --offset 10 --text reef',
      {
        command: 'jobs',
        filter: { state: ['FAILED', 'PLANNED'], reason: ['NO_OPEN_COPY'], limit: 5, offset: 10, text: 'reef' }
      }
    ],
    ['ops abc --events', { command: 'ops', jobId: 'abc', events: true }],
    ['reconcile --verify-hashes', { command: 'reconcile', verifyHashes: true }],
    [
      'retry --reason A --reason B --job x',
      { command: 'retry', reasons: ['A', 'B'], jobIds: ['x'], list: null }
    ],
    ['attach abc ./paper.pdf', { command: 'attach', jobId: 'abc', file: './paper.pdf' }],
    ['remove W1 --undo', { command: 'remove', id: 'W1', undo: true }],
    ['quarantine list', { command: 'quarantine', action: { kind: 'list' } }],
    ['quarantine accept q1', { command: 'quarantine', action: { kind: 'accept', id: 'q1' } }],
    ['export --format csv --output a.csv', { command: 'export', format: 'csv', output: 'a.csv', list: null }],
    ['import-manifest m.sqlite3', { command: 'import-manifest', file: 'm.sqlite3' }],
    ['settings get', { command: 'settings', action: { kind: 'get', key: null } }],
    ['settings set a b', { command: 'settings', action: { kind: 'set', key: 'a', value: 'b' } }],
    ['doctor', { command: 'doctor' }],
    ['sources', { command: 'sources', action: { kind: 'list' } }],
    [
      'sources open api.openalex.org',
      { command: 'sources', action: { kind: 'open', host: 'api.openalex.org' } }
    ],
    ['demo', { command: 'demo' }]
  ])('%s', (line, expected) => {
    expect(request(line)).toEqual(expected)
  })

  it('shows help and version without doing anything else', () => {
    const text = (line: string): string => {
      const result = readArguments(line.split(' '), '1.2.3')
      return result.kind === 'shown' ? result.text : ''
    }
    expect(text('--version')).toBe('1.2.3\n')
    for (const command of ['plan', 'run', 'doctor', 'quarantine', 'demo'])
      expect(text('--help')).toContain(command)
    expect(text('run --help')).toContain('--fallback-plan')
    expect(text('help run')).toContain('--connect-to')
    expect(text('jobs --help')).toContain('--state')
  })
})

describe('a wrong value is refused with the option and the allowed values', () => {
  it.each([
    ['--year-start', '20', 'a year'],
    ['--year-end', 'soon', 'a year'],
    ['--topic-id', 'X1', 'OpenAlex topic'],
    ['--max', '0', 'from 1 to 1000000'],
    ['--per-page', '500', 'from 1 to 200'],
    ['--canary', '101', 'from 0 to 100'],
    ['--workers', '0', 'from 1 to 64'],
    ['--workers', '4.5', 'from 1 to 64'],
    ['--workers', 'many', 'from 1 to 64'],
    ['--mailto', 'nobody', 'e-mail address'],
    ['--sources', 'unpaywall,google', 'wayback'],
    ['--disable-source', 'bing', 'wayback'],
    ['--formats', 'docx', 'pdf, xml, html'],
    ['--fallback-total-timeout-ms', '1', 'from 1000 to 3600000'],
    ['--fallback-total-attempts', '0', 'from 1 to 1000'],
    ['--fallback-max-concurrent', 'x', 'from 1 to 32'],
    ['--fallback-per-source-timeout-ms', '-5', 'from 100 to 600000'],
    ['--fallback-offline-behavior', 'maybe', 'metadata_only, block_all, cache_only'],
    ['--max-bandwidth', 'fast', '500K'],
    ['--max-bandwidth', '12', 'at least 1024'],
    ['--rate', 'arxiv.org', '1/3s'],
    ['--rate', '*=0/s', '1/3s'],
    ['--max-per-host', '99', 'from 1 to 32'],
    ['--proxy-prefix', 'proxy', 'web address'],
    ['--connect-to', 'https://a.org', 'http://127.0.0.1:8080'],
    ['--connect-to', 'a=b', 'http://127.0.0.1:8080'],
    ['--connect-to', '*=http://127.0.0.1/path', 'http://127.0.0.1:8080'],
    ['--lease-ttl', '0', 'from 1 to 86400'],
    ['--max-attempts', '0', 'from 1 to 1000'],
    ['--stall-timeout', '0', 'from 0.1 to 600'],
    ['--log-level', 'loud', 'debug, info, warn, error'],
    ['--set', 'network.workers', 'network.workers=8'],
    ['--doi', '', 'a DOI'],
    ['--from', '', 'standard input'],
    ['--out', '', 'a folder'],
    ['--data-dir', '', 'a folder']
  ])('%s %s', (option, value, allowed) => {
    const sentence = refusal(['run', option, value])
    expect(sentence).toContain(option)
    expect(sentence).toContain(allowed)
  })

  it.each([
    ['jobs --state DONE', '--state', 'DEDUPED'],
    ['jobs --limit -1', '--limit', 'from 0'],
    ['jobs --offset x', '--offset', 'from 0'],
    ['retry --reason no-copy', '--reason', 'NO_OPEN_COPY'],
    ['export --format docx', '--format', 'bibtex, ris'],
    ['export', '--format', 'bibtex, ris'],
    ['run --set network.worker=8', 'network.worker', 'network.workers'],
    ['run --set network.workers=0', 'network.workers', 'from 1 to 64'],
    ['run --workers', '--workers', 'from 1 to 64'],
    ['run --doi --json', '--doi', 'a DOI'],
    ['quarantine accept', 'quarantine', 'accept <id>'],
    ['quarantine eat x', 'quarantine', 'reject <id>'],
    ['settings set a', 'settings', 'set <key> <value>'],
    ['plan', 'plan', '--doi'],
    ['run --dry-run', '--dry-run', '--doi'],
    ['run --max 5', '--max', '--topic'],
    ['run --query x --year-start 2020 --year-end 2019', '--year-start', '--year-end'],
    ['run --enable-idempotency --canary 5', '--enable-idempotency and --canary', 'one of them'],
    ['run --from - --from -', '--from', 'once']
  ])('%s', (line, names, allowed) => {
    const sentence = refusal(line)
    expect(sentence).toContain(names)
    expect(sentence).toContain(allowed)
  })

  it('suggests the nearest command or option', () => {
    expect(refusal('runn')).toContain('run')
    expect(refusal('run --workerz 5')).toContain('--workers')
    expect(refusal('status extra')).toContain('status')
    expect(refusal('jobs --dry-run')).toContain('--dry-run')
    expect(refusal('ops')).toContain('job_id')
    expect(refusal([])).toContain('demo')
    expect(refusal('--json')).toContain('demo')
  })
})
