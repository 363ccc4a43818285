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

/** A style that the user added. */
export interface OwnStyle {
  /** 16 hexadecimal digits */
  readonly id: string
  readonly title: string
}
export interface OwnStylesView {
  readonly own: readonly OwnStyle[]
  /** the id of the style just added */
  readonly added: string | null
}
export const MOST_OWN_STYLES = 100
/** The largest style of the CSL project has 200 kB. */
export const MOST_STYLE_FILE_BYTES = 1_000_000

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

/** A larger bibliography takes minutes. */
export const MOST_CITED = 3_000
