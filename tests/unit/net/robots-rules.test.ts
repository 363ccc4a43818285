import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decidingRule, parseRobots, robotsPath, type RobotsRules } from '../../../src/main/net/robots-rules'
import { recordedPath } from '../../kit/shared'

const casesSchema = z.object({
  profile: z.string(),
  cases: z.array(z.object({ robots_txt: z.string(), ua: z.string(), url: z.string(), allowed: z.boolean() }))
})
const conformance = join(import.meta.dirname, '../../fixtures/net/robots')
const mayVisit = (rules: RobotsRules, url: string): boolean =>
  decidingRule(rules, robotsPath(url))?.allow ?? true

describe('the conformance suite', () => {
  for (const name of readdirSync(conformance).filter((one) => one.endsWith('.json'))) {
    test(name, () => {
      const { cases } = casesSchema.parse(JSON.parse(readFileSync(join(conformance, name), 'utf8')))
      const wrong = cases.filter(
        (one) => mayVisit(parseRobots(one.robots_txt, one.ua), one.url) !== one.allowed
      )
      expect(wrong).toEqual([])
    })
  }
})

const index = recordedPath('INDEX.json')
describe('robots.txt of real hosts', () => {
  const itemSchema = z.object({
    source: z.string(),
    kind: z.string(),
    file: z.string(),
    expected: z.object({
      crawl_delay: z.record(z.string(), z.number().nullable()).optional(),
      cases: z.array(z.object({ ua: z.string(), url: z.string(), allowed: z.boolean() })).optional()
    })
  })
  const items = z
    .array(z.unknown())
    .parse(JSON.parse(readFileSync(index, 'utf8')))
    .flatMap((item) => {
      const found = itemSchema.safeParse(item)
      return found.success && found.data.source === 'robots' && found.data.kind === 'real-file'
        ? [found.data]
        : []
    })
  test('there are some', () => {
    expect(items.length).toBeGreaterThan(15)
  })
  test.each(items.map((item) => [item.file, item] as const))('%s', (file, item) => {
    const text = readFileSync(recordedPath(file), 'utf8')
    for (const { ua, url, allowed } of item.expected.cases ?? []) {
      expect([ua, url, mayVisit(parseRobots(text, ua), url)]).toEqual([ua, url, allowed])
    }
    for (const [ua, delay] of Object.entries(item.expected.crawl_delay ?? {})) {
      expect(parseRobots(text, ua).crawlDelaySeconds).toBe(delay)
    }
  })
})

describe('rules in conflict', () => {
  test.each<[string, string, boolean]>([
    [
      'the group of our user agent counts, not the one for all',
      'User-agent: *\nDisallow: /\nUser-agent: sheaf\nAllow: /',
      true
    ],
    [
      'an own group that forbids nothing allows all',
      'User-agent: *\nDisallow: /\nUser-agent: Sheaf/2.0\nDisallow:',
      true
    ],
    [
      'two groups for us are one',
      'User-agent: Sheaf\nDisallow: /x\nUser-agent: a\nAllow: /\nUser-agent: Sheaf\nDisallow: /doc',
      false
    ],
    ['a comment ends the line', 'User-agent: * # all\nDisallow: /doc # no', false],
    ['a byte order mark is no letter', '\uFEFFUser-agent: *\nDisallow: /doc', false],
    ['lines may end in CR', 'User-agent: *\rDisallow: /doc', false],
    ['a web page forbids nothing', '<!doctype html><p>Disallow: /doc</p>', true],
    ['wildcards and an end', 'User-agent: *\nDisallow: /*/view$', true],
    ['wildcards and a query', 'User-agent: *\nDisallow: /*?download=', false]
  ])('%s', (_, text, allowed) => {
    expect(mayVisit(parseRobots(text, 'Sheaf'), 'https://a.example/doc/1/view?download=1')).toBe(allowed)
  })

  test('every pattern is matched in little time', () => {
    const rules = parseRobots(`User-agent: *\nDisallow: /${'*a'.repeat(500)}b$`, 'Sheaf')
    const began = performance.now()
    expect(mayVisit(rules, `https://a.example/${'a'.repeat(5000)}`)).toBe(true)
    expect(performance.now() - began).toBeLessThan(10_000)
  })

  test('matching follows the wildcards', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 })
    const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '/', '*'), maxLength: 8 })
    fc.assert(
      fc.property(pattern, fc.boolean(), letters, (body, anchored, rest) => {
        const text = `/${body}${anchored ? '$' : ''}`
        const regex = new RegExp(`^${text.replace(/\$$/, '').replaceAll('*', '.*')}${anchored ? '$' : ''}`)
        const rules = { rules: [{ allow: false, pattern: text, line: 1 }], crawlDelaySeconds: null }
        expect(mayVisit(rules, `https://a.example/${rest}`)).toBe(!regex.test(`/${rest}`))
      }),
      { numRuns: 3000 }
    )
  })
})
