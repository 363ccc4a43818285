/** Keys: the shared vectors, and properties of every value (docs/design.md §4, §9). */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { OpKind } from '../../../src/contract/words'
import { canonicalJson, inCanary, jobIdOf, jobKey, opKey, type KeyObject } from '../../../src/main/works/keys'
import { repositoryRoot } from '../../kit/shared'

type Vector =
  | { fn: 'job_key'; args: { work_id: string; artifact_id: string; canonical_url: string }; key: string }
  | { fn: 'op_key'; args: { kind: OpKind; job_id: string; context: KeyObject }; key: string }

const copy = resolve(repositoryRoot, 'tests/fixtures/works/idempotency-keys.json')
const vectors = (JSON.parse(readFileSync(copy, 'utf8')) as { vectors: Vector[] }).vectors

function keyOf(vector: Vector): string {
  return vector.fn === 'job_key'
    ? jobKey(vector.args.work_id, vector.args.artifact_id, vector.args.canonical_url)
    : opKey(vector.args.kind, vector.args.job_id, vector.args.context)
}

describe('the shared vectors', () => {
  it('there are 48', () => {
    expect(vectors).toHaveLength(48)
  })
  it.each(vectors.map((vector, at) => ({ at, vector })))('vector $at', ({ vector }) => {
    expect(keyOf(vector)).toBe(vector.key)
  })
})

describe('canonical JSON', () => {
  const check = (value: KeyObject, expected: string) => {
    expect(canonicalJson(value)).toBe(expected)
  }
  it('sorts by code point, not by UTF-16 unit', () => {
    check({ '\u{1F4C4}': 1, '\uFF5E': 2, a: 3 }, '{"a":3,"\\uff5e":2,"\\ud83d\\udcc4":1}')
  })
  it('escapes U+007F and everything above, and leaves a slash unescaped', () => {
    check({ k: '\u007f/ä"\\\u0001\n' }, '{"k":"\\u007f/\\u00e4\\"\\\\\\u0001\\n"}')
  })
  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.integer()), (object) => {
        const reversed = Object.fromEntries(Object.entries(object).reverse())
        expect(canonicalJson(reversed)).toBe(canonicalJson(object))
        expect(canonicalJson(object)).toMatch(/^[ -~]*$/)
        expect(Object.entries(JSON.parse(canonicalJson(object)) as object).sort()).toEqual(
          Object.entries(object).sort()
        )
      })
    )
  })
  it('refuses numbers that languages write differently', () => {
    for (const number of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60]) {
      expect(() => canonicalJson({ number })).toThrow(/not whole/)
    }
  })
})

describe('ids and canary', () => {
  it('a job id is the first half of its key', () => {
    const key = jobKey('W1', 'W1#pdf', 'https://doi.org/10.1/x')
    expect(jobIdOf(key)).toBe(key.slice(0, 32))
    expect(jobIdOf(key)).toMatch(/^[0-9a-f]{32}$/)
  })
  it('defect 14: a work stays in its group, and groups only grow with the percentage', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 0, max: 99 }), (workId, percent) => {
        expect(inCanary(workId, 0)).toBe(false)
        expect(inCanary(workId, 100)).toBe(true)
        if (inCanary(workId, percent)) expect(inCanary(workId, percent + 1)).toBe(true)
      })
    )
  })
  it('selects about as many works as the percentage says', () => {
    const taken = Array.from({ length: 10_000 }, (_, at) => `W${at}`).filter((id) => inCanary(id, 10))
    expect(taken.length).toBeGreaterThan(900)
    expect(taken.length).toBeLessThan(1_100)
  })
  it('known groups (computed with Python)', () => {
    const table: [string, number][] = [
      ['W2741809807', 63],
      ['doi:10.1000/xyz123', 82],
      ['arxiv:hep-th/9901001', 24],
      ['pmcid:PMC123', 24],
      ['url:ä', 13]
    ]
    for (const [workId, group] of table) {
      expect(inCanary(workId, group)).toBe(false)
      expect(inCanary(workId, group + 1)).toBe(true)
    }
  })
})
