/** The citation styles and languages that come with Sheaf (CSL project, citationstyles.org; docs/third-party.md). */
export const CITATION_STYLES = [
  'apa',
  'vancouver',
  'ieee',
  'chicago-author-date',
  'nature',
  'harvard-cite-them-right',
  'american-medical-association',
  'modern-language-association'
] as const
export type CitationStyle = (typeof CITATION_STYLES)[number]

export const CITATION_LOCALES = [
  'en-US',
  'en-GB',
  'de-DE',
  'es-ES',
  'fr-FR',
  'it-IT',
  'ja-JP',
  'pt-BR',
  'zh-CN'
] as const
export type CitationLocale = (typeof CITATION_LOCALES)[number]

/** A bibliography of more papers takes minutes. */
export const MOST_CITED = 3_000
