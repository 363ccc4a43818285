/** Bytes damaged in transit, notices instead of papers, and error pages in other languages. */
import { deflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { namePage } from '../../../src/main/library/non-paper-pages'
import { noticeIn, pagesPrinted } from '../../../src/main/library/notice-pages'
import { bytesChanged } from '../../../src/main/library/pdf-bytes'

/** A file of three compressed streams, as programs write them, with a correct cross-reference table. */
let seed = 7
const random = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below
/** Operators of a page with random numbers: a stream of about 20 kB. */
const drawing = (): Buffer =>
  Buffer.from(
    Array.from(
      { length: 7_000 },
      () => `${String(random(600))}.${String(random(100))} ${String(random(800))} l\n`
    ).join('')
  )
function pdfOf(length: 'given' | 'elsewhere' | 'wrong' = 'given'): Buffer {
  const parts = [Buffer.from('%PDF-1.5\n')]
  for (const number of [4, 5, 6]) {
    const packed = deflateSync(drawing())
    const said = { given: String(packed.length), elsewhere: '9 0 R', wrong: String(packed.length + 40) }[
      length
    ]
    parts.push(
      Buffer.from(`${String(number)} 0 obj\n<< /Length ${said} /Filter /FlateDecode >>\nstream\n`),
      packed,
      Buffer.from('\nendstream\nendobj\n')
    )
  }
  const at = parts.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([
    ...parts,
    Buffer.from(`xref\n0 1\ntrailer\n<< /Size 1 >>\nstartxref\n${String(at)}\n%%EOF\n`)
  ])
}
/** Changed from this share of the file on, as by a restarted proxy or a part that was fetched again. */
const from = (share: number, pdf: Buffer, change: (bytes: Buffer) => Buffer): Buffer => {
  const at = Math.floor(pdf.length * share)
  return Buffer.concat([pdf.subarray(0, at), change(pdf.subarray(at))])
}
const latin = (bytes: Buffer, change: (text: string) => string): Buffer =>
  Buffer.from(change(bytes.toString('latin1')), 'latin1')

describe('bytes damaged in transit', () => {
  const CHANGES: readonly (readonly [string, string, (bytes: Buffer) => Buffer])[] = [
    [
      'read as Latin-1, written as UTF-8',
      're-encoded as UTF-8',
      (b) => Buffer.from(b.toString('latin1'), 'utf8')
    ],
    ['read as UTF-8 with losses', 're-encoded as UTF-8', (b) => Buffer.from(b.toString('utf8'), 'utf8')],
    ['seven bits', 'stripped to seven bits', (b) => Buffer.from(b.map((byte) => byte & 0x7f))],
    [
      'question marks for what is no ASCII',
      'stripped to seven bits',
      (b) => latin(b, (text) => text.replace(/[\x80-\xff]/g, '?'))
    ],
    ['LF to CRLF', 'given other line ends', (b) => latin(b, (text) => text.replace(/\n/g, '\r\n'))],
    ['CRLF and CR to LF', 'given other line ends', (b) => latin(b, (text) => text.replace(/\r\n?/g, '\n'))]
  ]
  test.each(CHANGES)('%s, in the whole file and in its second half only', (_, mark, change) => {
    for (const pdf of [pdfOf('given'), pdfOf('elsewhere')]) {
      expect(bytesChanged(change(pdf))).not.toBeNull()
      expect(bytesChanged(from(0.5, pdf, change))).toBe(mark)
      expect(bytesChanged(from(0.7, pdf, change))).toBe(mark)
    }
  })
  test.each([0.15, 0.5, 0.8])('a run of zeros, and a missing block, at %s of the file', (share) => {
    for (const pdf of [pdfOf('given'), pdfOf('elsewhere')]) {
      const hole = from(share, pdf, (b) => Buffer.concat([Buffer.alloc(1_024), b.subarray(1_024)]))
      expect(bytesChanged(hole)).toBe('partly lost')
      expect(bytesChanged(from(share, pdf, (b) => b.subarray(512)))).toBe('partly lost')
    }
  })
  test('undamaged files: uncompressed text, a wrong length, HTML before and after', () => {
    for (const length of ['given', 'elsewhere', 'wrong'] as const)
      expect(bytesChanged(pdfOf(length))).toBeNull()
    const plain = deflateSync(Buffer.from('q 1 0 0 1 0 0 cm BT (Geese) Tj ET\n'.repeat(60)), { level: 0 })
    const stored = Buffer.concat([
      Buffer.from('%PDF-1.5\n4 0 obj\n<< /Filter /FlateDecode >>\nstream\n'),
      plain,
      Buffer.from('\nendstream\n')
    ])
    expect(bytesChanged(stored)).toBeNull()
    expect(
      bytesChanged(Buffer.concat([Buffer.from('<br>Warning\n'), pdfOf(), Buffer.from('<html></html>')]))
    ).toBeNull()
  })
})

describe('a notice instead of the paper', () => {
  test.each([
    ['This item is under embargo until 1 January 2030.', 'FORBIDDEN'],
    ['Zugriff verweigert.', 'FORBIDDEN'],
    ['No PDF is available for this article.', 'SOFT_404'],
    ['Le texte intégral n’est pas disponible.', 'SOFT_404'],
    ['Este documento está bajo embargo hasta 2030.', 'FORBIDDEN'],
    ['El texto completo no se encuentra disponible.', 'SOFT_404'],
    ['Você não tem permissão para acessar este arquivo.', 'FORBIDDEN'],
    ['Texto completo indisponível.', 'SOFT_404'],
    ['Vous n’êtes pas autorisé à consulter ce document.', 'FORBIDDEN'],
    ['Cette page est laissée blanche intentionnellement.', 'SOFT_404'],
    ['Das Dokument ist gesperrt bis 2030.', 'FORBIDDEN'],
    ['Diese Seite wurde absichtlich leer gelassen.', 'SOFT_404'],
    ['Il documento è sotto embargo.', 'FORBIDDEN'],
    ['Nessun PDF per questo articolo.', 'SOFT_404'],
    ['Доступ ограничен. Эмбарго до 2030 года.', 'FORBIDDEN'],
    ['Полный текст отсутствует.', 'SOFT_404'],
    ['您没有权限访问该文件。', 'FORBIDDEN'],
    ['本文暂无PDF全文。', 'SOFT_404'],
    ['この資料は閲覧権限がありません。', 'FORBIDDEN'],
    ['このページは意図的に空白にしています。', 'SOFT_404'],
    ['이 자료는 접근이 제한되어 있습니다.', 'FORBIDDEN'],
    ['원문 파일이 없습니다.', 'SOFT_404'],
    ['Brak uprawnień do pliku.', 'FORBIDDEN'],
    ['Pełny tekst nie jest dostępny.', 'SOFT_404'],
    ['Bu dosyaya erişim kısıtlı.', 'FORBIDDEN'],
    ['Tam metin mevcut değil.', 'SOFT_404'],
    ['ليس لديك صلاحية الوصول إلى هذا الملف.', 'FORBIDDEN'],
    ['النص الكامل غير متاح.', 'SOFT_404'],
    ['Anda tidak memiliki izin untuk berkas ini.', 'FORBIDDEN'],
    ['Naskah lengkap belum tersedia.', 'SOFT_404']
  ])('%s', (text, reason) => {
    expect(noticeIn(text, 1)?.reason).toBe(reason)
    expect(noticeIn(text, 9)).toBeNull()
    expect(noticeIn(text + ' We counted the geese of every field.'.repeat(40), 1)).toBeNull()
  })
  test('a first page of several', () => {
    expect(pagesPrinted('Bird Letters 12 (2015) 33-41\nTitle', 1)).toBe(9)
    expect(pagesPrinted('Bird Letters 12 (2015) 33-41\nTitle', 9)).toBeNull()
    expect(pagesPrinted('Bird Letters 12 (2015) 33\nTitle', 1)).toBeNull()
  })
})

describe('error pages in other languages', () => {
  test.each([
    ['Seite nicht gefunden', 'Die Datei existiert nicht', 'SOFT_404'],
    ['ページが見つかりません', 'お探しのページは存在しません', 'SOFT_404'],
    ['Страница не найдена', '', 'SOFT_404'],
    ['登录', '请先登录后查看全文', 'LOGIN_PAGE'],
    ['Вход', 'Для просмотра необходимо войти', 'LOGIN_PAGE'],
    ['Cookies requis', 'Veuillez activer les cookies pour continuer', 'COOKIE_WALL'],
    ['安全验证', '请完成验证码', 'BOT_CHECK'],
    [
      'Limite',
      'Vous avez atteint le nombre maximal de téléchargements : limite de téléchargements atteinte',
      'RATE_LIMITED'
    ]
  ])('%s: %s', (title, words, reason) => {
    const html = `<!DOCTYPE html><html><head><title>${title}</title></head><body><h1>${title}</h1><p>${words}</p></body></html>`
    expect(namePage(html, 'https://papers.example.org/7.pdf').reason).toBe(reason)
  })
})
