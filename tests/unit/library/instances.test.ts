/**
 * Single cases found in the field: titles of documents beside a paper, notices instead of a paper, pages
 * instead of a file, and first pages of true papers in unusual spellings.
 */
import { describe, expect, test } from 'vitest'
import type { WorkFacts } from '../../../src/contract/work'
import { calledBy, thesisIn } from '../../../src/main/library/document-kind'
import { namePage } from '../../../src/main/library/non-paper-pages'
import { noticeIn } from '../../../src/main/library/notice-pages'
import { readLayout } from '../../../src/main/library/pdf-layout'
import { judgeRightPaper } from '../../../src/main/library/right-paper'

describe('the kind that a document names itself', () => {
  test.each<[string, string]>([
    [
      'correction',
      'Fe de errores|Nota de corrección|Erratum zu: Gänse|Korrigendum|Richtigstellung|勘误表|訂正のお知らせ|Διόρθωση'
    ],
    [
      'concern',
      'Manifestación de preocupación|Expression d’inquiétude|Redaktionelle Bedenken|关注声明|懸念の表明|Выражение обеспокоенности'
    ],
    ['retraction', 'Nota de retractación|Aviso de retratação|Rückzug|掲載取り消しのお知らせ|게재 철회 안내'],
    [
      'comment',
      'Matters Arising|Carta al editor|Carta ao Editor|Lettre à l’éditeur|Leserbrief|Lettera all’editore|List do redakcji|Письмо в редакцию|给编辑的信|Stellungnahme zu „Gänse“'
    ],
    ['reply', 'Antwort der Autoren|Replik|Réplique|Schlusswort'],
    ['peer review', '审稿意见|Rapport d’évaluation|Отзыв рецензента|査読報告'],
    [
      'supplement',
      'Materiales suplementarios|Ergänzendes Material|Online-Anhang|Dodatkowe materiały|电子补充材料|支撑材料|S1 Appendix|Data S1|Technical appendix|eMethods'
    ],
    ['summary', 'Resumen visual|图文摘要|グラフィカルアブストラクト'],
    [
      'contents',
      'Сборник материалов конференции|Tagungsband|Actes du colloque|Libro de resúmenes|Front Cover: Geese (J. X 1/2014)|Titelbild'
    ],
    ['poster', 'Cartel científico|ポスター発表|Плакат'],
    ['slides', 'Präsentationsfolien|Презентация|スライド'],
    ['form', 'ICMJE Disclosure Form|著作権譲渡同意書|版权转让协议']
  ])('%s', (kind, lines) => {
    for (const line of lines.split('|')) expect(calledBy(line)?.kind, line).toBe(kind)
  })
  test('words of a title are not a kind of document', () => {
    for (const title of [
      'Cover crops in dry years',
      'Data quality in registries',
      'RETRACTED: Geese on polders',
      'Slide rules and their makers',
      'Appendix vermiformis: a study',
      'Cover image analysis'
    ])
      expect(calledBy(title), title).toBeNull()
  })
  test('a thesis is known by its title page and its length', () => {
    for (const line of [
      'A thesis submitted for the degree of Doctor',
      'Dissertation zur Erlangung des Doktorgrades',
      'Thèse de doctorat',
      'Tesis doctoral',
      '博士学位论文',
      'Автореферат'
    ])
      expect(thesisIn([`Univ\n${line}\nGeese`], 90), line).not.toBeNull()
    expect(thesisIn(['A thesis submitted for the degree of Doctor'], 12)).toBeNull()
    expect(thesisIn(['Geese\nThis is based on a thesis submitted in 2010'], 90)).toBeNull()
  })
})

describe('notices instead of papers', () => {
  test.each<[string, string]>([
    [
      'FORBIDDEN',
      'Full text will be available from 1 January 2027|Le texte intégral sera disponible à partir du 1er janvier|El texto completo estará disponible el 1 de enero|Toegang geweigerd|Please purchase access to this article|本文全文仅供订阅用户|Der Volltext wird ab 1. Januar freigeschaltet'
    ],
    [
      'SOFT_404',
      'The PDF is being generated|Aus rechtlichen Gründen nicht online|For copyright reasons this article cannot be shown|Bu sayfa boş bırakılmıştır|Denna sida är avsiktligt tom|لا تتوفر نسخة|Tento dokument není dostupný|A dokumentum nem elérhető|Δεν είναι διαθέσιμο'
    ]
  ])('%s', (reason, texts) => {
    for (const text of texts.split('|')) expect(noticeIn(text, 1)?.reason, text).toBe(reason)
  })
})

describe('pages instead of a file', () => {
  test.each<[string, string]>([
    [
      'BOT_CHECK',
      'Biztonsági ellenőrzés/Nem vagyok robot|En kontroll/Jag är inte en robot|تحقق/أنا لست روبوت'
    ],
    ['COOKIE_WALL', 'Cookies/Du måste aktivera cookies|Cookies/Engedélyezze a sütiket'],
    [
      'RATE_LIMITED',
      'Zu viele Anfragen/Bitte später erneut|Trop de requêtes/Réessayez plus tard|Error/Demasiadas solicitudes|リクエストが多すぎます/しばらくしてから|Слишком много запросов/Позже'
    ]
  ])('%s', (reason, pages) => {
    for (const page of pages.split('|')) {
      const [title = '', words = ''] = page.split('/')
      const html = `<!doctype html><html><head><title>${title}</title></head><body><p>${words}</p></body></html>`
      expect(namePage(html, 'https://journal.example/a/7.pdf').reason, page).toBe(reason)
    }
  })
})

const BODY = Array.from(
  { length: 24 },
  (_, n) =>
    `In week ${String(n)} the samples were taken at the same hour and the values were written down by two of us.`
)
type Line = readonly [size: number, text: string]
function verdict(lines: readonly Line[], facts: WorkFacts, pageCount = 8): string {
  const items = [...lines, ...BODY.map((text): Line => [10, text])].map(([size, str]) => ({
    str,
    transform: [size, 0, 0, size, 0, 0],
    hasEOL: true
  }))
  const { text, prominent, runs } = readLayout(items)
  return judgeRightPaper(
    { pages: [text], prominent, runs, metadataTitle: null, pageCount },
    { ids: { doi: '10.5555/own.1' }, facts: { year: 2014, ...facts } }
  ).verdict
}

describe('true papers', () => {
  const two: Line = [11, 'Jane Doe and Rui Teixeira']
  const authors = ['Jane Doe', 'Rui Teixeira']
  test.each<[string, readonly Line[], WorkFacts]>([
    [
      'Greek letters',
      [[18, 'Effect of β-carotene on α-synuclein'], two],
      { title: 'Effect of beta-carotene on alpha-synuclein', authors }
    ],
    [
      'a formula',
      [[18, 'Magnetism in La2−xSrxCuO4 at low T'], two],
      { title: 'Magnetism in La<sub>2-x</sub>Sr<sub>x</sub>CuO<sub>4</sub> at low T', authors }
    ],
    [
      'LaTeX',
      [[18, 'Search for B0 → μ+μ− decays at √s = 7 TeV'], two],
      { title: 'Search for $B^0 \\to \\mu^+\\mu^-$ decays at $\\sqrt{s}=7$ TeV', authors }
    ],
    [
      'ligatures',
      [[18, 'Eﬃcient ﬂow of ﬁne oﬀshore sediments'], two],
      { title: 'Efficient flow of fine offshore sediments', authors }
    ],
    [
      'words broken at the ends of lines',
      [[18, 'Winter feed-'], [18, 'ing of barna-'], [18, 'cle geese on polders'], two],
      { title: 'Winter feeding of barnacle geese on polders', authors }
    ],
    [
      'umlauts written out',
      [
        [18, 'Ueber die Gaense der Polder im Winter'],
        [11, 'Juergen Mueller']
      ],
      { title: 'Über die Gänse der Polder im Winter', authors: ['Jürgen Müller'] }
    ],
    [
      'umlauts that are written out only by the service',
      [
        [18, 'Über die Gänse der Polder im Winter'],
        [11, 'Jürgen Müller']
      ],
      { title: 'Ueber die Gaense der Polder im Winter', authors: ['Juergen Mueller'] }
    ],
    [
      'accents that stand apart',
      [
        [18, '¨Uber die G¨anse der Polder im Winter'],
        [11, 'J¨urgen M¨uller']
      ],
      { title: 'Über die Gänse der Polder im Winter', authors: ['Jürgen Müller'] }
    ],
    [
      'capitals with and without points',
      [
        [18, 'İSTANBUL’DA IŞIK KİRLİLİĞİ ÖLÇÜMLERİ'],
        [11, 'AYŞE ÇALIŞKAN']
      ],
      { title: 'İstanbul’da Işık Kirliliği Ölçümleri', authors: ['Ayşe Çalışkan'] }
    ],
    [
      'a section of the journal above the title',
      [[9, 'CARTA AL EDITOR'], [18, 'Respuesta del maíz a la sequía'], two],
      { title: 'Respuesta del maíz a la sequía', authors }
    ],
    [
      'another section',
      [[9, 'Matters arising'], [18, 'Geese do not feed in winter'], two],
      { title: 'Geese do not feed in winter', authors }
    ],
    [
      'taken back by its publisher',
      [[18, 'RETRACTED: Response of maize to drought'], two],
      { title: 'Response of maize to drought', authors }
    ]
  ])('%s', (_, lines, facts) => {
    expect(verdict(lines, facts)).toBe('match')
  })
})

describe('not the paper', () => {
  const title = 'Winter feeding of barnacle geese on reclaimed polders'
  const authors = ['Greta Halvorsen', 'Pieter Dijkstra']
  const two: Line = [11, 'Greta Halvorsen and Pieter Dijkstra']
  test.each<[string, readonly Line[], number]>([
    ['a correction in Spanish', [[14, 'Fe de errores'], [12, title], two], 1],
    ['a concern in Chinese', [[14, '关注声明'], [12, title], two], 1],
    ['a referee’s report in Chinese', [[14, '审稿意见'], [12, title], two], 3],
    ['a supplement in German', [[14, 'Ergänzendes Material'], [12, title], two], 9],
    ['a cover', [[14, `Front Cover: ${title}`], two], 1],
    ['a poster in Japanese', [[14, 'ポスター発表'], [12, title], two], 1],
    ['an appendix', [[14, `S1 Appendix. ${title}`], two], 5],
    [
      'the thesis of the same title',
      [
        [12, 'University of X'],
        [18, title],
        [12, 'A thesis submitted for the degree of Doctor'],
        [11, 'Greta Halvorsen']
      ],
      180
    ]
  ])('%s', (_, lines, pages) => {
    expect(verdict(lines, { title, authors, type: 'article' }, pages)).not.toBe('match')
  })
})
