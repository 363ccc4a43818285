/** Displayed names of the library's facet values. Pure. */

/** Facet value of papers without one: no year, no licence, no run. */
export const NONE = 'none'

/** Normalises the licences of services: `CC BY 4.0`, `cc_by`, the licence's address → `cc-by`. */
export function licenseKey(license: string): string {
  const text = license.trim().toLowerCase()
  const address = /^https?:\/\/creativecommons\.org\/(licenses|publicdomain)\/([a-z-]+)/.exec(text)
  if (address?.[1] === 'publicdomain') return 'cc0'
  const bare = address === null ? text.replace(/[\s_]+/g, '-') : `cc-${address[2] ?? ''}`
  const creative = /^cc-?(by(?:-(?:nc|nd|sa))*)(?:-v?[\d.]+)?(?:-[a-z]+)?$/.exec(bare)
  if (creative !== null) return `cc-${creative[1] ?? ''}`
  return /^cc-?0/.test(bare) || bare === 'public-domain' || bare === 'pd' ? 'cc0' : license
}

/** `cc-by-nc` → `CC BY-NC` */
export function licenseLabel(license: string): string {
  if (license === NONE) return 'Not stated'
  const bare = license.toLowerCase()
  if (bare === 'cc0' || bare === 'public-domain' || bare === 'pd') return 'Public domain'
  return bare.startsWith('cc-') ? `CC ${bare.slice(3).toUpperCase()}` : license
}

export function yearLabel(year: string): string {
  return year === NONE ? 'No year' : year
}

/** The start of the run, in local time. */
export function runLabel(startedAt: number | null): string {
  if (startedAt === null) return 'Not part of a run'
  return new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit'
  }).format(startedAt * 1_000)
}
