/** Parsing a page takes time in proportion to its length, however it is nested; ordinary pages are read whole. */
import { describe, expect, test } from 'vitest'
import { readTree } from '../../../src/main/platform/page-tree'

const HEAD = '<!doctype html><html><head><meta name="citation_title" content="Rivers"></head><body>'

describe('a page', () => {
  test('nested as deep as real pages is read whole', () => {
    const $ = readTree(`${HEAD}${'<div>'.repeat(400)}<a href="/x.pdf">PDF</a>${'</div>'.repeat(400)}`)
    expect($('a').attr('href')).toBe('/x.pdf')
  })

  test('with many sibling elements, closed or not, is read whole', () => {
    const $ = readTree(`${HEAD}<ul>${'<li><p>word'.repeat(20_000)}</ul><a href="/x.pdf">PDF</a>`)
    expect($('a').attr('href')).toBe('/x.pdf')
    expect($('li')).toHaveLength(20_000)
  })

  test.each(['<div>', '<b>', '<ul><li>', '<table><tr><td>', '<svg><g>', '<x-y>', '<div/>'])(
    'nested without end by %s costs little, and its head is still read',
    (tag) => {
      const began = performance.now()
      const $ = readTree(`${HEAD}${tag.repeat(100_000)}`)
      expect($('meta[name="citation_title"]').attr('content')).toBe('Rivers')
      expect($('body').text()).toBe('')
      expect(performance.now() - began).toBeLessThan(10_000)
    }
  )

  test('without a head, or with a nested head, counts as empty', () => {
    for (const page of ['<div>'.repeat(100_000), `<head><template>${'<div>'.repeat(100_000)}</head>`]) {
      expect(readTree(page)('div')).toHaveLength(0)
    }
  })
})
