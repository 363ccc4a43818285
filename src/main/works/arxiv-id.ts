/**
 * arXiv identifiers, new (`2401.00001v2`) and old (`hep-th/9901001`, `math.GT/0309136v1`). Neither the
 * version nor the subject class is part of the id: arXiv resolves both spellings to one paper. Source: arXiv,
 * “Understanding the arXiv identifier”.
 */
export interface ArxivId {
  /** without version and subject class, archive in lower case */
  readonly id: string
  /** `v2` */
  readonly version?: string
}

const ARCHIVES = [
  'acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas|cond-mat',
  'cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin|nucl-ex',
  'nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat|supr-con'
].join('|')

const MONTH = '(?:0[1-9]|1[0-2])'
/** Four digits until 2014, five since; as a pattern without anchors, for searching in a text. */
export const NEW_ARXIV = `(?:(?:0[7-9]|1[0-4])${MONTH}\\.\\d{4}|(?:1[5-9]|[2-9]\\d)${MONTH}\\.\\d{5})(?:v\\d{1,3})?`
export const OLD_ARXIV = `(?:${ARCHIVES})(?:\\.[A-Za-z-]{2,7})?\\/\\d{2}${MONTH}\\d{3}(?:v\\d{1,3})?`

const WHOLE_NEW = new RegExp(`^${NEW_ARXIV}$`, 'i')
const WHOLE_OLD = new RegExp(`^${OLD_ARXIV}$`, 'i')

/** The id when the whole text is one, else null. */
export function parseArxivId(text: string): ArxivId | null {
  if (!WHOLE_NEW.test(text) && !WHOLE_OLD.test(text)) return null
  const [, body = '', version] = /^(.*?)(v\d+)?$/i.exec(text) ?? []
  const id = body.toLowerCase().replace(/^([a-z-]+)\.[a-z-]+\//, '$1/')
  return version === undefined ? { id } : { id, version: version.toLowerCase().replace(/^v0+(?=\d)/, 'v') }
}
