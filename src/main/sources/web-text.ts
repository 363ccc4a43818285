/**
 * Normalises text and addresses from services: removes stray markup and entities, cuts off text around a URL,
 * and gives one spelling for comparing two URLs. Pure; returns null for invalid input.
 */
import { hostnameOf } from '../../contract/addresses'
import { trimEndOf } from '../../contract/scan'

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  ndash: '–',
  mdash: '—'
}

/** Decodes the entities that remain in JSON and in twice-encoded attributes. */
export function decodeEntities(text: string): string {
  return text.replace(
    /&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,6}));/g,
    (whole, decimal, hex, name) => {
      if (typeof name === 'string') return ENTITIES[name.toLowerCase()] ?? whole
      const code =
        typeof decimal === 'string' ? Number.parseInt(decimal, 10) : Number.parseInt(String(hex), 16)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    }
  )
}

/** A title or a name as plain text: no tags, no entities, single spaces; null when empty. */
export function plainText(text: string | null | undefined): string | null {
  if (text === null || text === undefined) return null
  const bare = decodeEntities(text.replace(/<\/?[a-zA-Z][^<>]*>/g, ''))
    .replace(/\s+/g, ' ')
    .trim()
  return bare === '' ? null : bare
}

/** Whether two titles are equal: compares letters and digits, without a site's name after a bar. */
export function sameTitle(one: string | undefined, other: string | undefined): boolean {
  if (one === undefined || other === undefined) return false
  const bare = (text: string): string =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '')
  const forms = (text: string): string[] => [bare(text), bare(text.split(/\s[|»]\s/)[0] ?? '')]
  return forms(one).some((form) => form.length >= 10 && forms(other).includes(form))
}

/**
 * An absolute http(s) URL, or null. Tolerates what services send: spaces and line breaks, a bracket or comma
 * after the address, twice-encoded ampersands, protocol-relative and relative forms (when `base` is given),
 * NCBI's ftp host (the same files are available under https).
 */
export function webUrl(text: string | null | undefined, base?: string): string | null {
  if (text === null || text === undefined) return null
  let bare = text.trim().replace(/[\r\n\t]+/g, '')
  const end = trimEndOf(bare, /[>"'\s,;]/)
  // A comma or semicolon may end an address; after a quote or bracket it does not.
  const mark = bare.slice(end.length).search(/[>"'\s]/)
  if (mark >= 0) bare = bare.slice(0, end.length + mark)
  bare = bare.replace(/^[<"'\s]+/, '')
  if (/&(?:amp|#0*38|#x0*26);/i.test(bare)) bare = bare.replace(/&(?:amp;)+|&#0*38;|&#x0*26;/gi, '&')
  if (bare === '' || bare === '#' || /^(?:javascript|mailto|data|about|tel|blob):/i.test(bare)) return null
  if (/^ftp:\/\/ftp\.ncbi\.nlm\.nih\.gov\//i.test(bare)) bare = bare.replace(/^ftp:/i, 'https:')
  if (base === undefined && /^www\.[^\s/]+\.[^\s/]+/i.test(bare)) bare = `http://${bare}`
  try {
    const url = base === undefined ? new URL(bare) : new URL(bare, base)
    if (url.protocol !== 'http:' && url.protocol !== 'https:') return null
    if (url.hostname === '' || !/[.:]|^localhost$/.test(url.hostname)) return null
    if (url.username !== '' || url.password !== '') return null
    url.hash = ''
    return url.href
  } catch {
    return null
  }
}

/** One spelling for comparing two URLs: http and https are the same page, so are `%2f` and `%2F`. */
export function urlKey(url: string): string {
  try {
    const parsed = new URL(url)
    const rest = `${parsed.pathname}${parsed.search}`.replace(/%[0-9a-fA-F]{2}/g, (escape) => {
      const character = String.fromCharCode(Number.parseInt(escape.slice(1), 16))
      return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase()
    })
    return `${parsed.host}${rest}`
  } catch {
    return url
  }
}

/**
 * Whether two hosts probably have the same owner: the last two labels agree (three under `ac.uk` and the
 * like).
 */
export function sameSite(one: string, other: string): boolean {
  const owner = (url: string): string => {
    const labels = hostnameOf(url).split('.')
    const short =
      /^(?:ac|co|com|edu|gov|net|or|org)$/.test(labels.at(-2) ?? '') && (labels.at(-1) ?? '').length === 2
    return labels.slice(short ? -3 : -2).join('.')
  }
  return owner(one) !== '' && owner(one) === owner(other)
}
