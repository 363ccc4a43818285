/** The first bytes of an answer decide early, and name what it is. */
import { describe, expect, test } from 'vitest'
import type { Format } from '../../../src/contract/words'
import { judgeHead } from '../../../src/main/library/judge-head'
import { makePdf } from '../../kit/make-pdf'

const judge = (head: Uint8Array | string, format: Format = 'pdf'): string => {
  const bytes = typeof head === 'string' ? Buffer.from(head) : head
  const no = judgeHead(bytes, { format, contentType: null, url: 'https://a.example/x.pdf' })
  return no === null ? 'maybe' : `${no.reason}: ${no.because}`
}
const hex = (text: string): Buffer => Buffer.concat([Buffer.from(text, 'hex'), Buffer.alloc(600, 1)])

describe('a PDF', () => {
  const pdf = makePdf({ title: 'A paper', authors: ['A. Author'], year: 2020 })
  test('is accepted as a PDF', () => {
    expect(judge(pdf.subarray(0, 1024))).toBe('maybe')
  })
  test('may begin within the first 1024 bytes, after other bytes', () => {
    expect(judge(Buffer.concat([Buffer.alloc(900, 0x20), Buffer.from(pdf)]))).toBe('maybe')
    expect(judge(Buffer.concat([Buffer.alloc(1100, 0x21), Buffer.from(pdf)]))).toMatch(/^NOT_PDF/)
  })
  test('a page whose text contains %PDF- is a page', () => {
    expect(judge('<html><body><p>Files begin with %PDF-1.4</p></body></html>')).toMatch(/^HTML_PAGE/)
  })
})

describe('other content is named', () => {
  test.each([
    ['', 'EMPTY: The answer has no content.'],
    [hex('89504e470d0a1a0a'), 'NOT_PDF: The answer is a PNG image, not a PDF.'],
    [hex('ffd8ffe0'), 'NOT_PDF: The answer is a JPEG image, not a PDF.'],
    [hex('504b0304'), 'NOT_PDF: The answer is a ZIP archive, not a PDF.'],
    [hex('1f8b0800'), 'NOT_PDF: The answer is a gzip archive, not a PDF.'],
    ['%!PS-Adobe-3.0\n', 'NOT_PDF: The answer is PostScript, not a PDF.'],
    ['{"error":"not found"}', 'NOT_PDF: The answer is JSON, not a PDF.'],
    ['[{"a":1}]', 'NOT_PDF: The answer is JSON, not a PDF.'],
    ['<?xml version="1.0"?><oa><error/></oa>', 'NOT_PDF: The answer is an XML document, not a PDF.'],
    ['<?xml version="1.0"?><svg xmlns="x"/>', 'NOT_PDF: The answer is an SVG image, not a PDF.'],
    ['Not found', 'NOT_PDF: The answer is text that begins with “Not found”, not a PDF.'],
    [Buffer.alloc(64), 'NOT_PDF: The answer is made of zeros, not a PDF.'],
    [hex('0102030405'), 'NOT_PDF: The answer is something unknown, not a PDF.']
  ])('%#: %s', (head, expected) => {
    expect(judge(head)).toBe(expected)
  })

  test.each([
    '<!DOCTYPE html><html></html>',
    '\n\n  <HTML><BODY></BODY></HTML>',
    '<!-- a comment --><html></html>',
    '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "x" "y"><html xmlns="z"></html>',
    '\ufeff<html></html>',
    '<script>location = "/x"</script>',
    'Loading… <html><head></head></html>'
  ])('HTML with an unusual beginning: %s', (html) => {
    expect(judge(html)).toMatch(/^HTML_PAGE/)
  })
  test('HTML in UTF-16', () => {
    expect(judge(Buffer.from('\ufeff<html><title>Login</title></html>', 'utf16le'))).toMatch(/^LOGIN_PAGE/)
  })
})

describe('other formats', () => {
  test('XML of an article', () => {
    expect(judge('<?xml version="1.0"?><article></article>', 'xml')).toBe('maybe')
    expect(judge('<html></html>', 'xml')).toMatch(/^WRONG_XML/)
    expect(judge('{"a":1}', 'xml')).toMatch(/^WRONG_XML/)
  })
  test('a web page', () => {
    expect(judge('<html><head><title>An article</title></head>', 'html')).toBe('maybe')
    expect(judge('<html><title>Just a moment...</title></html>', 'html')).toMatch(/^BOT_CHECK/)
    expect(judge('%PDF-1.4', 'html')).toMatch(/^BAD_ANSWER/)
  })
})
