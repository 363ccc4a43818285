/**
 * The stored form of a file's provenance: fields that repeat another field or a default are left out. A
 * reader restores them; rows of earlier versions contain everything and read the same. Pure.
 */
import type { Hop, Provenance, Validator } from './work'
import { keysOf } from './tables'

/** The redirect chain of a file that answered at its own address. */
export function directWay(url: string, status = 200): readonly Hop[] {
  return [{ url, status }]
}

/** Restores the chain that `storedProvenance` left out. */
export function withWay<
  P extends {
    readonly url: string
    readonly finalUrl?: string | undefined
    readonly chain?: Provenance['chain'] | undefined
  }
>(kept: P): P & Pick<Provenance, 'finalUrl' | 'chain'> {
  const finalUrl = kept.finalUrl ?? kept.url
  return { ...kept, finalUrl, chain: kept.chain ?? directWay(finalUrl) }
}

export function storedProvenance(provenance: Provenance): object {
  const { finalUrl, chain, headers, checks, encrypted, ...rest } = provenance
  return {
    ...withoutNulls(rest),
    ...(finalUrl === rest.url ? {} : { finalUrl }),
    ...(isDirect(chain, finalUrl, 200) ? {} : { chain }),
    ...(isEmpty(headers) ? {} : { headers }),
    checks: checks.map(({ name, result }) => [name, result]),
    ...(encrypted ? { encrypted } : {})
  }
}

/** Headers that repeat fields of the answer: type, validators, length. */
export function repeatedHeaders(head: {
  readonly contentType: string | null
  readonly totalBytes: number | null
  readonly validator: Validator
}): Readonly<Record<string, string>> {
  const { contentType, totalBytes, validator } = head
  return {
    ...(contentType === null ? {} : { 'content-type': contentType }),
    ...(totalBytes === null ? {} : { 'content-length': String(totalBytes) }),
    ...(validator.etag === undefined ? {} : { etag: validator.etag }),
    ...(validator.lastModified === undefined ? {} : { 'last-modified': validator.lastModified })
  }
}

export function isDirect(chain: readonly Hop[], url: string, status: number): boolean {
  const [hop] = chain
  return chain.length === 1 && hop?.url === url && hop.status === status && hop.location === undefined
}

export function isEmpty(value: object): boolean {
  return Object.keys(value).length === 0
}

export function withoutNulls<T extends object>(value: T): Partial<T> {
  const kept: Partial<T> = {}
  for (const name of keysOf(value)) if (value[name] !== null) kept[name] = value[name]
  return kept
}
