/**
 * Normalises a DOI, for every module that compares two of them: without surrounding text, in lower case. It
 * does not find DOIs in a text (`works` does). Source: DOI Handbook §2.4 (case-insensitive ASCII), Crossref's
 * advice on matching DOIs.
 */

const PREFIXES =
  /^(?:(?:https?:?\/{1,3})?(?:(?:dx|www)\.)?doi\.org[/:]\s*|info:doi\/|urn:doi:|(?:dx\.)?doi\s*[:：=]?\s*)/i

/** A short DOI, which doi.org resolves like any other. Source: shortdoi.org (DOI Foundation). */
const SHORT_DOI = /^10\/(?=[a-z0-9]*[a-z])[a-z0-9]{3,12}$/i

/**
 * The bare, lower-case DOI (`10.x/y`, or a short DOI such as `10/gf4gqc`), or null when the text is anything
 * else.
 */
export function normaliseDoi(text: string): string | null {
  let bare = text.trim()
  while (PREFIXES.test(bare)) bare = bare.replace(PREFIXES, '')
  if (/%[0-9a-f]{2}/i.test(bare)) {
    try {
      bare = decodeURIComponent(bare)
    } catch {
      // A DOI may contain a literal percent sign: then it is not an escape.
    }
  }
  if (!/^10\.\d{4,9}(?:\.\d+)*\/\S+$/.test(bare) && !SHORT_DOI.test(bare)) return null
  return bare.toLowerCase()
}

/** DataCite's DOI for an arXiv id without its version. Source: arXiv's notice on DOIs, 2022. */
export function doiOfArxiv(arxivId: string): string {
  return `10.48550/arxiv.${arxivId.toLowerCase()}`
}

/** The arXiv id inside an arXiv DOI, or null. */
export function arxivOfDoi(doi: string): string | null {
  const found = /^10\.48550\/arxiv\.(.+)$/i.exec(doi)
  return found?.[1] ?? null
}

/** The DOI of all versions, where the last part only counts one: `…/v2`, `….v1`, `…_v3`, `…12345v2`. */
export function withoutVersion(doi: string): string {
  return doi.toLowerCase().replace(/(?:[./_-]|(?<=\d))v\d{1,3}$/, '')
}

/**
 * The registrants of bioRxiv and medRxiv as a pattern: Cold Spring Harbor Laboratory, whose journals share its
 * prefix, and since December 2025 openRxiv. Source: openrxiv.org; docs/services.md.
 */
export const BIORXIV_REGISTRANTS = '10\\.(?:1101|64898)'
