/**
 * The services that take a key, and how each key travels. A key in a header is never recorded; a key in
 * an address is cut out wherever the address is kept.
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
  /** as people know the service */
  readonly title: string
  /** environment variables that may hold it, the first one ours */
  readonly variables: readonly [string, ...string[]]
  readonly travels: 'header' | 'address'
  /** what it is good for, one sentence */
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
  /** where the key in use comes from; null: none is set */
  readonly from: KeyOrigin | null
  /** it is set, but sealed by the app and not readable here */
  readonly isUsable: boolean
  readonly about: string
  readonly variable: string
}

export interface KeysView {
  readonly entries: readonly KeyStanding[]
  /** new keys are sealed by the system's keychain; false: they are in a file that only its owner may read */
  readonly isVault: boolean
}
