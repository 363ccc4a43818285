/** Which links may be opened, the stored names of dropped files, and what a support file leaves out. */
import { describe, expect, test } from 'vitest'
import { isSheafError } from '../../../src/contract/errors'
import { clean } from '../../../src/main/ipc/diagnostics'
import { plainName, refuseStrangers } from '../../../src/main/ipc/dropped-file'
import { webLink } from '../../../src/main/ipc/web-link'

function codeOf(act: () => unknown): string | null {
  try {
    act()
    return null
  } catch (error) {
    return isSheafError(error) ? error.code : 'other'
  }
}

test.each([
  ['https://doi.org/10.5555/a', null],
  ['http://example.org/?q=1', null],
  ['javascript:alert(1)', 'BAD_URL'],
  ['file:///etc/passwd', 'BAD_URL'],
  ['data:text/html,x', 'BAD_URL'],
  ['sheaf://app/index.html', 'BAD_URL'],
  ['https://user:secret@example.org/', 'BAD_URL'],
  ['https://user@example.org/', 'BAD_URL'],
  ['', 'BAD_URL'],
  ['doi.org/10.5555/a', 'BAD_URL']
])('the link %s: %s', (url, code) => {
  expect(codeOf(() => webLink(url))).toBe(code)
})

test.each([
  ['paper.pdf', 'paper.pdf'],
  ['../../etc/passwd', 'passwd'],
  ['C:\\Users\\x\\paper.pdf', 'paper.pdf'],
  ['a\0b\u202egpj.pdf', 'a b gpj.pdf'],
  ['..', 'file'],
  ['', 'file'],
  ['con.pdf', 'file con.pdf'],
  ['.hidden.pdf', 'hidden.pdf'],
  ['name. . ', 'name'],
  ['x'.repeat(300), 'x'.repeat(80)],
  ['com¹.pdf', 'file com¹.pdf'],
  ['conin$.pdf', 'file conin$.pdf']
])('a file called %j is stored as %j', (name, plain) => {
  expect(plainName(name)).toBe(plain)
})

describe('a dropped file', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  test.each([
    ['%PDF-1.7\n…', null],
    ['junk before %PDF-1.4', null],
    ['<?xml version="1.0"?><article/>', null],
    ['\ufeff<article xmlns="x">', null],
    ['<!DOCTYPE article SYSTEM "x">', null],
    ['<!DOCTYPE html><html>', 'BAD_FILE'],
    ['<html>', 'BAD_FILE'],
    ['PK\u0003\u0004', 'BAD_FILE'],
    ['', 'BAD_FILE']
  ])('%j: %s', (text, code) => {
    expect(
      codeOf(() => {
        refuseStrangers('x.pdf', bytes(text))
      })
    ).toBe(code)
  })
})

test('a support file leaves out folders, addresses and mail', () => {
  const secrets = ['/home/ada/Documents/Sheaf', '/home/ada']
  expect(
    clean(
      {
        sentence: 'GET https://user:pw@repo.example/files/a.pdf?token=1 failed for ada@example.org',
        at: '/home/ada/Documents/Sheaf/papers/x.pdf',
        deep: [{ '/home/ada/x': 'email=ada%40example.org' }]
      },
      secrets
    )
  ).toEqual({
    sentence: 'GET https://repo.example/… failed for [left out]',
    at: '[left out]/papers/x.pdf',
    deep: [{ '[left out]/x': 'email=[left out]' }]
  })
})
