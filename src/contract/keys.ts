/**
 * The services that take an API key, and how each key is sent. A key in a header is never recorded; a key in
 * an address is removed wherever the address is stored.
 */
export const KEY_NAMES = [
  'openalex',
  'ncbi',
  'semantic_scholar',
  'core',
  'openaire',
  'elsevier',
  'wiley',
  'springer'
] as const
export type KeyName = (typeof KEY_NAMES)[number]

interface KeyFacts {
  /** the well-known name of the service */
  readonly title: string
  /** environment variables that may hold it, the first one ours */
  readonly variables: readonly [string, ...string[]]
  readonly travels: 'header' | 'address'
  /** its use, in one sentence */
  readonly about: string
}

export const KEYS: Readonly<Record<KeyName, KeyFacts>> = {
  openalex: {
    title: 'OpenAlex',
    variables: ['SHEAF_KEY_OPENALEX', 'OPENALEX_API_KEY'],
    travels: 'header',
    about: 'Ten times the free budget of a day, and searches when the service is busy.'
  },
  ncbi: {
    title: 'NCBI',
    variables: ['SHEAF_KEY_NCBI', 'NCBI_API_KEY'],
    travels: 'address',
    about: 'Ten requests a second instead of three.'
  },
  semantic_scholar: {
    title: 'Semantic Scholar',
    variables: ['SHEAF_KEY_SEMANTIC_SCHOLAR', 'S2_API_KEY', 'SEMANTIC_SCHOLAR_API_KEY'],
    travels: 'header',
    about: 'Semantic Scholar is asked only with a key.'
  },
  core: {
    title: 'CORE',
    variables: ['SHEAF_KEY_CORE', 'CORE_API_KEY'],
    travels: 'header',
    about: 'CORE is asked only with a key.'
  },
  openaire: {
    title: 'OpenAIRE',
    variables: ['SHEAF_KEY_OPENAIRE'],
    travels: 'header',
    about: 'More than sixty questions an hour.'
  },
  elsevier: {
    title: 'Elsevier',
    variables: ['SHEAF_KEY_ELSEVIER', 'ELSEVIER_API_KEY'],
    travels: 'header',
    about: 'Text mining of what your institution subscribes to; not used yet.'
  },
  wiley: {
    title: 'Wiley',
    variables: ['SHEAF_KEY_WILEY', 'WILEY_TDM_CLIENT_TOKEN'],
    travels: 'header',
    about: 'Text mining of what your institution subscribes to; not used yet.'
  },
  springer: {
    title: 'Springer Nature',
    variables: ['SHEAF_KEY_SPRINGER', 'SPRINGER_API_KEY'],
    travels: 'address',
    about: 'Full text of open-access articles; not used yet.'
  }
}

export type KeyOrigin = 'environment' | 'file' | 'sealed'

export interface KeyStanding {
  readonly service: KeyName
  readonly title: string
  /** the origin of the key in use; null: none is set */
  readonly from: KeyOrigin | null
  /** it is set, but encrypted by the app and not readable here */
  readonly isUsable: boolean
  readonly about: string
  readonly variable: string
}

export interface KeysView {
  readonly entries: readonly KeyStanding[]
  /** new keys are encrypted by the system's keychain; false: stored in a file readable only by its owner */
  readonly isVault: boolean
}
