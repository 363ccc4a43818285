/** Bytes that were changed on their way, notices in place of papers, and pages in other languages. */
import { describe, expect, test } from 'vitest'
import { namePage } from '../../../src/main/library/blockers'
import { noticeIn, pagesPrinted } from '../../../src/main/library/notice-pages'
import { bytesChanged } from '../../../src/main/library/pdf-bytes'

/** Bytes of every value, as compressed data has them, in a PDF's stream. */
let seed = 7
const noise = Buffer.from(
  Array.from({ length: 4_000 }, () => ((seed = (seed * 48_271) % 2_147_483_647) >> 16) & 255)
)
const pdf = Buffer.concat([
  Buffer.from(`%PDF-1.5\n4 0 obj\n<< /Length ${String(noise.length)} /Filter /FlateDecode >>\nstream\n`),
  noise,
  Buffer.from('\nendstream\nendobj\n')
])

describe('bytes changed on the way', () => {
  test('are found, and whole ones are not', () => {
    expect(bytesChanged(pdf)).toBeNull()
    expect(bytesChanged(Buffer.from(pdf.toString('latin1'), 'utf8'))).toBe('written anew as UTF-8')
    expect(bytesChanged(Buffer.from(pdf.toString('utf8'), 'utf8'))).toBe('written anew as UTF-8')
    expect(bytesChanged(pdf.map((byte) => byte & 0x7f))).toBe('stripped to seven bits')
  })
})

describe('a notice in place of the paper', () => {
  test.each([
    ['This item is under embargo until 1 January 2030.', 'FORBIDDEN'],
    ['Zugriff verweigert.', 'FORBIDDEN'],
    ['No PDF is available for this article.', 'SOFT_404'],
    ['Le texte intégral n’est pas disponible.', 'SOFT_404']
  ])('%s', (text, reason) => {
    expect(noticeIn(text, 1)?.reason).toBe(reason)
    expect(noticeIn(text, 9)).toBeNull()
    expect(noticeIn(text + ' We counted the geese of every field.'.repeat(40), 1)).toBeNull()
  })
  test('one page of several', () => {
    expect(pagesPrinted('Bird Letters 12 (2015) 33-41\nTitle', 1)).toBe(9)
    expect(pagesPrinted('Bird Letters 12 (2015) 33-41\nTitle', 9)).toBeNull()
    expect(pagesPrinted('Bird Letters 12 (2015) 33\nTitle', 1)).toBeNull()
  })
})

describe('what came instead, in other languages', () => {
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
