/** The bundled styles and languages, each read when it is used. */
import type { CitationLocale, CitationStyle } from '../../../contract/citation-styles'

type Load = () => Promise<{ readonly default: string }>

const STYLES: Readonly<Record<CitationStyle, Load>> = {
  apa: () => import('./styles/apa.csl?raw'),
  vancouver: () => import('./styles/vancouver.csl?raw'),
  ieee: () => import('./styles/ieee.csl?raw'),
  'chicago-author-date': () => import('./styles/chicago-author-date.csl?raw'),
  nature: () => import('./styles/nature.csl?raw'),
  'harvard-cite-them-right': () => import('./styles/harvard-cite-them-right.csl?raw'),
  'american-medical-association': () => import('./styles/american-medical-association.csl?raw'),
  'modern-language-association': () => import('./styles/modern-language-association.csl?raw')
}

const LOCALES: Readonly<Record<CitationLocale, Load>> = {
  'en-US': () => import('./locales/en-US.xml?raw'),
  'en-GB': () => import('./locales/en-GB.xml?raw'),
  'de-DE': () => import('./locales/de-DE.xml?raw'),
  'es-ES': () => import('./locales/es-ES.xml?raw'),
  'fr-FR': () => import('./locales/fr-FR.xml?raw'),
  'it-IT': () => import('./locales/it-IT.xml?raw'),
  'ja-JP': () => import('./locales/ja-JP.xml?raw'),
  'pt-BR': () => import('./locales/pt-BR.xml?raw'),
  'zh-CN': () => import('./locales/zh-CN.xml?raw')
}

export const styleText = async (style: CitationStyle): Promise<string> => (await STYLES[style]()).default
export const localeText = async (locale: CitationLocale): Promise<string> => (await LOCALES[locale]()).default
