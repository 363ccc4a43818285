/**
 * Files that a paper's page offers and that are not the paper: supplements, data, posters, chapters, whole
 * issues, forms, guides. Decided by the words of the link, its address and its marks. Pure.
 */
import { unescaped } from '../../../contract/addresses'

const REFUSED =
  /suppl|supporting[ -]?info|appendix|appendices|additional[ -_]?file|\bextref\b|mmc\d|moesm|_esm\b|-s\d{1,3}\.pdf|[_-]si[_-]?\d*\.pdf|sd\d+\.pdf|datasheet|data[ -_]?sheet|figures?\b|\bfig\d|tables?\b|slides?\b|poster|presentation|(?<!pdf)cover|front[ -_]?matter|back[ -_]?matter|table[ -]of[ -]contents|\btoc\b|(?:full|entire|whole|complete)[ -_]?(?:issue|volume|book|journal|proceedings)|references?\b|bibliograph|citation|\bcite\b|permission|reprints?\b|order[ -]?form|licen[cs]e|copyright|disclosure|conflict|\bcoi\b|privacy|terms[ -]of|terms[ -_]?and|cookie|polic(?:y|ies)|guide|instructions?\b|how[ -_]to|tutorial|manual|submission|template|call[ -_]?for[ -_]?(?:papers|proposals)|\bcfp\b|flyer|brochure|media[ -_]?kit|advert|sponsor|subscription|subscribe|sample|checklist|reporting[ -_]?summary|peer[ -_]?review|review[ -_]?(?:history|report|file)|decision[ -_]?letter|author[ -_]?response|erratum|errata|corrigend|correction|retraction|press[ -_]?release|\bhelp\b|faq|purchase|\bbuy\b|sign[ -]?in|log[ -]?in|\brent\b|getaccess|ethics|statement|questionnaire|protocol\b|trial[ -_]?registration|newsletter|annual[ -_]?report|nomination|registration|program(?:me)?\b|schedule|thumbnail|\.pdf%2bhtml|\.pdf\+html|\badditional\b|read[ _-]?me|data[ _-]?set|\bdata[ _-]?file|(?:^|[\s/])\d{1,2}[_ -](?:title|cover|declaration|certificate|acknowledg|abstract|contents?|prelim|list|chapter|recommendation|bibliograph|referenc|annex|appendi|synopsis|publication|summary|conclusion)|heft\b|\bheft[-_]|heft[-_]?\d|gesamt(?:es|e|ausgabe)|(?:komplette|ganze)[sr]? (?:heft|ausgabe)|inhaltsverzeichnis|(?:num[eé]ro|fascicule|volume) (?:complet|entier)|(?:n[uú]mero|fasc[ií]culo|edi[cç][aã]o|edici[oó]n) complet[oa]|fascicolo (?:completo|intero)|intero fascicolo|volledig(?:e)? nummer|ca[lł]y numer|весь (?:номер|выпуск)|整期|全期|tam say[iı]|edisi lengkap|\bdiapo|folien\b|affiche|(?<!\p{L})(?:anhang|anhänge|anlagen?|zusatzmaterial|begleitmaterial|annexes?|ann[ée]xe|anexos?|ap[ée]ndices?|ap[êe]ndices?|material suplementar(?:io)?|material complementar(?:io)?|allegat[oi]|appendice|materiale supplementare|bijlagen?|bilag(?:a|or|er)?|vedlegg|liite|liitteet|za[łl][ąa]czniki?|suplement|p[řr][íi]loh[ay]|mell[ée]klet(?:ek)?|prilog|ek dosya(?:lar)?|ekler|lampiran|phụ lục|приложени[ея]|дополнительн|додат(?:ок|ки)|приложение|παράρτημα)(?!\p{L})|附录|附件|附錄|补充材料|補充資料|補足|付録|附表|数据集|부록|보충|첨부|ملحق|ملاحق|مرفق|پیوست|ضمیمه|נספח/giu

/** Names of files of another format, in the words of a link: `dataset.zip (20 MB)`. */
const OTHER_FILE =
  /\.(?:zip|docx?|xlsx?|csv|txt|pptx?|html?|epub|xml|jpe?g|png|gif|tiff?|mp4|gz|tar|rar|7z)\b/i

/** Words that are part of the paper's own title are no evidence against its file: `A_practical_guide_to_geese.pdf`. */
export function isRefused(words: string, url: string, marks: string, title = ''): boolean {
  const stretches = stretchesOf(title)
  const says = (text: string): boolean => {
    const found = [...text.matchAll(REFUSED)]
    if (found.length === 0 || stretches.length === 0) return found.length > 0
    const plain = plainOf(text)
    const there = stretches.filter((stretch) => plain.includes(stretch))
    return !found.every((one) => there.some((stretch) => stretch.includes(plainOf(one[0]))))
  }
  return says(words) || says(namedBy(url)) || marks.search(REFUSED) >= 0 || OTHER_FILE.test(words)
}

/** Each three consecutive words of a title; a shorter title as a whole. */
function stretchesOf(title: string): readonly string[] {
  const words = plainOf(title).split(' ').slice(0, 40)
  if (words.length < 3) return words[0] === '' ? [] : [words.join(' ')]
  return words.slice(2).map((_, at) => words.slice(at, at + 3).join(' '))
}

/** Letters and digits, separated by single spaces. */
const plainOf = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()

/** The parts of an address that name the file: the end of its path, and a file name in its query. */
export function namedBy(url: string): string {
  const { pathname, searchParams } = new URL(url)
  const named = [...searchParams]
    .filter(([key]) => /^(?:file|filename|name|type|title)$/i.test(key))
    .map(([, value]) => value)
  return unescaped([...pathname.split('/').slice(-3), ...named].join('/'))
}
