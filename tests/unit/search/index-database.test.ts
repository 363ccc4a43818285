/** The index in memory: results, their order, odd input, and damaged bytes. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import initSqlJs from 'sql.js'
import { beforeEach, describe, expect, test } from 'vitest'
import { IndexDatabase } from '../../../src/main/search/index-database'

const wasm = await readFile(createRequire(import.meta.url).resolve('sql.js/dist/sql-wasm.wasm'))
const engine = await initSqlJs({ wasmBinary: new Uint8Array(wasm).buffer })

let index = IndexDatabase.empty(engine)

interface Facts {
  readonly title?: string
  readonly authors?: readonly string[]
  readonly year?: number
  readonly venue?: string
  readonly names?: readonly string[]
}

function add(id: string, facts: Facts, pages: readonly string[] = []): void {
  const { title = null, authors = [], year = null, venue = null, names = [] } = facts
  const doc = index.begin({
    artifactId: id,
    title,
    authors: [...authors],
    year,
    venue,
    names,
    stamp: `stamp ${id}`
  })
  index.addPages(doc, 1, pages)
}

const ids = (query: string): string[] => index.find(query).map((found) => found.artifactId)

beforeEach(() => {
  index = IndexDatabase.empty(engine)
  add(
    'attention',
    {
      title: 'Attention is all you need',
      authors: ['Vaswani, Ashish'],
      year: 2017,
      venue: 'NeurIPS',
      names: ['10.5555/attn']
    },
    [
      'The dominant models are recurrent.',
      '',
      'We propose a Transformer.\nIt uses self-attention and re-\ncurrence is gone.'
    ]
  )
  add(
    'bert',
    {
      title: 'BERT: pre-training',
      authors: ['Devlin, Jacob', 'Müller, Jürgen'],
      year: 2019,
      names: ['10.5555/bert']
    },
    ['A bidirectional Transformer reads both ways, with attention.', 'Attention again. Attention.']
  )
  add('facts-only', { title: 'Une étude naïve des filtres', authors: ['Čech, Ňina'], year: 2017 })
})

describe('find', () => {
  test.each<[string, string[]]>([
    ['vaswani', ['attention']],
    ['muller', ['bert']],
    ['Jürgen', ['bert']],
    ['etude naive', ['facts-only']],
    ['cech nina', ['facts-only']],
    ['2017', ['attention', 'facts-only']],
    ['10.5555/bert', ['bert']],
    ['transf', ['attention', 'bert']],
    ['"bidirectional transformer"', ['bert']],
    ['"transformer bidirectional"', []],
    ['recurrence', ['attention']],
    // An author in the facts and a word of the text, or words on different pages: both must occur.
    ['devlin transformer', ['bert']],
    ['dominant propose', ['attention']],
    ['vaswani bidirectional', []],
    ['nowhere', []]
  ])('%j finds %j', (query, wanted) => {
    expect(ids(query).sort()).toEqual(wanted)
  })

  test('ranks a title above a text', () => {
    expect(ids('attention')).toEqual(['attention', 'bert'])
  })

  test('names the page that has all words, and counts the pages', () => {
    expect(index.find('attention').find((one) => one.artifactId === 'bert')).toMatchObject({
      page: 1,
      pages: 2
    })
    expect(index.find('propose')).toMatchObject([{ page: 3, pages: 1 }])
    expect(index.find('vaswani')).toMatchObject([{ page: null, pages: 0 }])
    expect(index.snippet('propose', 'attention', 3)?.text).toContain('\u0002propose\u0003')
    expect(index.snippet('propose', 'attention', 2)).toBe(null)
    expect(index.hitsIn('bert', 'attention').map((hit) => hit.page)).toEqual([1, 2])
  })

  test('replaces an earlier document, and removes it', () => {
    add('bert', { title: 'Something else' }, ['with other words'])
    expect(ids('bidirectional')).toEqual([])
    expect(ids('devlin')).toEqual([])
    expect(ids('other words')).toEqual(['bert'])
    index.remove('bert')
    expect(ids('other words')).toEqual([])
    expect(index.ids().sort()).toEqual(['attention', 'facts-only'])
  })

  test.each([
    ...[
      'российский',
      'ёлка',
      'αλήθεια',
      'ΑΛΗΘΗΣ',
      'Ἀθήνα',
      '한국어',
      '漢字',
      'हिन्दी',
      'ภาษาไทย',
      'น้ำ',
      'தமிழ்'
    ],
    ...[
      'العربية',
      'آب',
      'مُحَمَّد',
      'ﻣﻜﺘﺒﺔ',
      'עִבְרִית',
      'Việt',
      'Łódź',
      'İstanbul',
      'straße',
      'データ',
      'ひらがな',
      'ｶﾞｽ',
      'गणित'
    ]
  ])('finds %s in its script, and shows it as printed', (word) => {
    add('script', {}, [`xx ${word} yy`])
    expect(ids(`${word} `)).toEqual(['script'])
    expect(ids(word)).toEqual(['script'])
    expect(ids(`"xx ${word} yy"`)).toEqual(['script'])
    expect(index.snippet(word, 'script', 1)?.text).toContain('\u0002')
  })

  test('finds Arabic and Hebrew without their points, and Greek capitals', () => {
    add('script', {}, ['مُحَمَّد כתב עִבְרִית', 'λόγος ΛΟΓΟΣ'])
    for (const word of ['محمد', 'عنوان محمد', 'עברית', 'λογοσ'])
      expect(ids(`${word} `)).toHaveLength(word.includes(' ') ? 0 : 1)
  })

  test('never fails, for any query', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (query) => {
        index.find(query)
        index.hitsIn('bert', query)
        index.snippet(query, 'bert', 1)
      }),
      { numRuns: 300 }
    )
    for (const query of ['"', '*', 'a* b*', 'NEAR', 'title:x', 'a OR', '(', '\0', "'; DROP TABLE docs; --"]) {
      expect(() => index.find(query)).not.toThrow()
    }
    expect(ids('attention')).toHaveLength(2)
  })
})

describe('its serialized bytes', () => {
  test('restore the whole index', () => {
    const again = IndexDatabase.from(engine, index.bytes())
    expect(again.find('transformer')).toHaveLength(2)
    expect(again.ids()).toEqual(index.ids())
  })

  test('are refused when damaged, of another kind or of another version', () => {
    const bytes = index.bytes()
    const torn = bytes.slice(0, bytes.length / 2)
    const scribbled = bytes.slice()
    scribbled.fill(0x55, 4_096, 12_288)
    for (const bad of [torn, scribbled, new TextEncoder().encode('no database at all'), new Uint8Array()]) {
      expect(() => IndexDatabase.from(engine, bad)).toThrow()
    }
  })
})
