/**
 * Which of several files on a page is the paper, and buttons with uninformative addresses. Invented pages in
 * the markup of platforms.
 */
import { describe, expect, test } from 'vitest'
import { findPdfLinks } from '../../../src/main/sources/landing/find-pdf-links'

const HEAD =
  '<meta name="citation_title" content="Geese on polders"><meta name="citation_author" content="Halvorsen, G.">'
const firstOf = (body: string, url: string, head = HEAD): string | null =>
  findPdfLinks(
    `<!DOCTYPE html><html><head><title>Geese on polders</title>${head}</head><body>${body}</body></html>`,
    { url }
  ).links.find((link) => link.format === 'pdf')?.url ?? null
const at = 'https://repo.example.org/items/77'

describe('the paper among other files', () => {
  test.each<[string, string, string, string | null]>([
    [
      'data and a licence beside it',
      '<a href="/bitstreams/11111111-1111-4111-8111-111111111111/download">data.zip (3 MB)</a><a href="/bitstreams/22222222-2222-4222-8222-222222222222/download">paper.pdf (1 MB)</a>',
      at,
      'https://repo.example.org/bitstreams/22222222-2222-4222-8222-222222222222/download'
    ],
    [
      'a cited report of another repository',
      '<a class="button" href="/track/pdf/10.5555/g77">Download PDF</a><ol class="references"><li><a href="https://iris.example.int/bitstream/1/2/report.pdf">Report</a></li></ol>',
      'https://journal.example.org/articles/10.5555/g77',
      'https://journal.example.org/track/pdf/10.5555/g77'
    ],
    [
      'a related item in the margin',
      '<p>Get access</p><aside><a href="/bitstreams/22222222-2222-4222-8222-222222222222/download">Another report</a></aside>',
      at,
      null
    ],
    [
      'the parts of a thesis',
      '<a href="/bitstream/1/7/1/01_title.pdf">01_title.pdf</a><a href="/bitstream/1/7/2/02_certificate.pdf">02_certificate.pdf</a>',
      'https://repo.example.edu/handle/1/7',
      null
    ],
    [
      'the whole issue',
      '<a href="/2014/2/numero.pdf">Número completo en PDF</a>',
      'https://revista.example.es/2014/2/gansos',
      null
    ],
    [
      'another notice’s file',
      '<a href="https://hal.science/hal-00000123/document">Autre</a>',
      'https://hal.science/hal-07654321',
      null
    ]
  ])('%s', (_, body, url, right) => {
    expect(firstOf(body, url)).toBe(right)
  })
})

describe('buttons in other languages', () => {
  test.each<[string, string]>([
    ['Artikel als PDF', '/artikel/7/gaense.pdf'],
    ['Télécharger l’article en PDF', '/7.pdf'],
    ['Pobierz plik PDF', '/a/7/plik'],
    ['اصل مقاله', '/article_7_abc.pdf'],
    ['Stáhnout článek (PDF)', '/a/7/soubor'],
    ['PDF 文件下载', '/a/7/d'],
    ['논문 PDF 다운로드', '/a/7/down']
  ])('%s', (words, address) => {
    const body = `<a href="/hefte/2014-2.pdf">Gesamtausgabe als PDF</a><a href="${address}">${words}</a>`
    expect(firstOf(body, at)).toBe(new URL(address, at).href)
  })
})

describe('buttons', () => {
  test.each<[string, string, string]>([
    [
      'with the size glued to its unit',
      '<a class="pdf" href="/get?n=7">PDF (2,4Mo)</a>',
      'https://repo.example.org/get?n=7'
    ],
    [
      'that say PDF in their hint only',
      '<a class="btn" id="pdf" href="/cgi/viewcontent.cgi?article=7&amp;context=x" title="PDF (1.1 MB) opens in new window">Download</a>',
      'https://repo.example.org/cgi/viewcontent.cgi?article=7&context=x'
    ],
    [
      'with the address in a data attribute',
      '<a class="btn download-link" href="#" data-downloadurl="/dl/7?key=2">Download PDF</a>',
      'https://repo.example.org/dl/7?key=2'
    ],
    [
      'that name a type in the query',
      '<a class="icbutton" href="/search/download?pub=7&amp;mimetype=application%2fpdf">Download Article</a>',
      'https://repo.example.org/search/download?pub=7&mimetype=application%2fpdf'
    ],
    [
      'that are choices of a form',
      '<form><input type="radio" name="url" value="http://papers.example.net/w7.pdf" checked></form>',
      'http://papers.example.net/w7.pdf'
    ],
    [
      'named by the paper’s title',
      '<a class="link document-link" href="/ws/portalfiles/portal/7/Geese_2014.pdf">Geese_2014</a>',
      'https://repo.example.org/ws/portalfiles/portal/7/Geese_2014.pdf'
    ]
  ])('%s', (_, body, right) => {
    expect(firstOf(body, at)).toBe(right)
  })
})

describe('frames around a file', () => {
  test.each<[string, string]>([
    ['a viewer', '<iframe src="/pdfjs/web/viewer.html?file=%2Ffiles%2F7.pdf"></iframe>'],
    [
      'Google’s viewer',
      '<iframe src="https://docs.google.com/gview?url=https%3A%2F%2Frepo.example.org%2Ffiles%2F7.pdf&embedded=true"></iframe>'
    ],
    ['an object', '<object data="/files/7.pdf" type="application/pdf"></object>'],
    ['a frame', '<embed src="/files/7.pdf#toolbar=0">'],
    ['a flip-book', '<div class="book" data-pdf="/files/7.pdf"></div>'],
    ['a script', '<script>window.location.replace("/files/7.pdf")</script>']
  ])('%s', (_, body) => {
    expect(firstOf(body, 'https://repo.example.org/view/7', '')).toBe('https://repo.example.org/files/7.pdf')
  })
})
