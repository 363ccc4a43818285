/**
 * Selects the type runs of a page that can be its title. Large type near the top is also used for the name of
 * the journal, for section headings and for banners; those are distinguished here. Pure.
 */
import type { TypeRun } from './pdf-layout'
import { wordsOf } from './plain-words'
import { looksWritten } from './readable-text'
import { sumOf, weightOf } from './word-weight'

const LARGE = 1.12
const TOP_LETTERS = 2_000
const LONGEST = 400

/** Large, or set in a font of its own near the top: a title may be here. */
export function isTitleLike(run: TypeRun): boolean {
  if (run.text.length < 4 || run.text.length > 2 * LONGEST) return false
  return run.scale >= LARGE || (run.otherFont && run.scale >= 0.95 && run.lettersBefore <= TOP_LETTERS / 2)
}

/** Texts in the title place that are not titles: kinds of articles, file names, addresses. */
export const NO_TITLE =
  /^(?:untitled.*|microsoft (?:word|powerpoint).*|document\d*|title|abstract|research (?:article|paper)|original (?:article|paper|research)|review(?: article)?|article|letter|editorial|chapter \d+|.*\.(?:docx?|pdf|tex|indd|dvi|qxd|ps|rtf|odt)|pii:? ?\S+|doi:? ?\S+|arxiv:.*|https?:.*|www\..*)$/iu
const EDITION = /^\(?(?:version|release|revision|draft|last updated|date)\b/iu
/** Names of journals and series, and what publishers, repositories and societies print in large type. */
const MASTHEAD =
  /^(?:(?:the )?(?:[\p{L}&]+ ){0,3}(?:journal|annals|archives|proceedings|transactions|bulletin|magazine|revista|revue|zeitschrift|acta|anales|annales|boletin|letters|lecture notes|working papers?(?: series)?|discussion papers?(?: series)?|technical reports?|preprint series)\b.{0,80}|(?:university|universit[aäàé]t?|universidad|universidade|institute|instituto|institut|department|faculty|school|college|centre|center|society|academy|ministry|national)\b.*|.*\b(?:university|universität|universidad|université|press|repository|publishing|publishers|elsevier|springer|wiley|hal|archive ouverte|open access|vol(?:ume)?\.? ?\d+|issn|isbn|no\.? ?\d+|see discussions|downloaded from|provided by)\b.*)$/iu
const SECTION =
  /^(?:(?:\d+|[ivx]+)(?:\.\d+)*[.)]?\s+)?(?:introduction|background|(?:materials? (?:and|&) )?methods?(?: and materials?)?|methodology|results?|discussion|conclusions?|summary|abstract|acknowledge?ments?|references|contents|table of contents|keywords?|figure|table|appendix|preface|foreword|zusammenfassung|einleitung|material und methoden|ergebnisse|r[ée]sum[ée]|mat[ée]riels? et m[ée]thodes|r[ée]sultats|introducci[óo]n|materiales y m[ée]todos|resultados|resumen|resumo|introdu[çc][ãa]o|materiais e m[ée]todos|introduzione|materiali e metodi|введение|материалы и методы|результаты)\b/iu
const NAMES_AND_PLACES =
  /^(?:(?:\p{Lu}\.[\s-]?)+\s?\p{Lu}[\p{L}'’-]+(?:,|\s+and\b|\s*&|$))|\b(?:e-?mail|correspond(?:ing|ence)|received|accepted|department of|university of)\b/iu

/** Can only be a title: long enough, of written words, and not the name of a journal or of a section. */
export function isClearTitle(run: TypeRun): boolean {
  if (run.scale < LARGE || run.lettersBefore > TOP_LETTERS || run.text.length > LONGEST) return false
  const text = run.text.replace(/\s+/g, ' ').trim()
  const words = wordsOf(text)
  const weight = sumOf(words.map(weightOf))
  if (words.length < 4 || words.length > 45 || weight < 2) return false
  const shouted = /^[\p{Lu}\s&]+$/u.test(text) && words.length < 5
  if (
    shouted ||
    NO_TITLE.test(text) ||
    EDITION.test(text) ||
    MASTHEAD.test(text) ||
    SECTION.test(text) ||
    NAMES_AND_PLACES.test(text)
  )
    return false
  return looksWritten(text)
}
