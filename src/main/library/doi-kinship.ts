/**
 * The relation of two DOIs by their spelling alone: equal, versions of the same work, or articles of one
 * journal. A registrant gives one article one DOI, but preprint servers, data repositories and journals with
 * public review give every version its own. Pure.
 */
import { withoutVersion } from '../../contract/doi'

/**
 * Whether a printed DOI is the requested one. Versions are one work. A line end adds characters, or cuts a
 * DOI off after a punctuation mark: `…geese.1` is not a truncated `…geese.12`, and `1.12` is not `11.2`.
 */
export function isPrintedDoi(found: string, ours: string, atLineEnd: boolean): boolean {
  const bare = (doi: string): string =>
    withoutVersion(doi)
      .replace(/(?<=\d)[^a-z0-9]+(?=\d)/g, '.')
      .replace(/[^a-z0-9.]|(?<!\d)\.|\.(?!\d)/g, '')
  const [one, other] = [bare(found), bare(ours)]
  if (one === other) return true
  const isPiece = atLineEnd && one.length >= 12 && other.length - one.length <= 9 && other.startsWith(one)
  return isPiece && (/[^a-z0-9]/.test(ours[found.length] ?? '') || /[^a-z0-9]$/.test(found))
}

/** Registrants of preprint servers and repositories: every version and every copy has a DOI of its own. */
const REPOSITORIES: ReadonlySet<string> = new Set([
  '10.5281', // Zenodo
  '10.6084', // figshare
  '10.13140', // ResearchGate
  '10.2139', // SSRN
  '10.31234', // PsyArXiv
  '10.31219', // OSF
  '10.31235', // SocArXiv
  '10.31223', // EarthArXiv
  '10.31222', // MetaArXiv
  '10.35542', // EdArXiv
  '10.48550', // arXiv
  '10.17605', // OSF
  '10.20944', // Preprints.org
  '10.22541', // Authorea
  '10.26434', // ChemRxiv
  '10.21203', // Research Square
  '10.36227', // TechRxiv
  '10.7287', // PeerJ Preprints
  '10.64898', // openRxiv
  '10.55458', // NeurIPS lodging
  '10.17863', // Cambridge repository
  '10.3929', // ETH Zurich repository
  '10.5167', // Zurich repository
  '10.18452', // Humboldt repository
  '10.17169', // Freie Universität repository
  '10.25673',
  '10.11588',
  '10.15488'
])
/** Journals whose versions under review have DOIs of the same registrant. */
const PUBLIC_REVIEW: ReadonlySet<string> = new Set(['10.5194', '10.12688', '10.7554', '10.3310', '10.1590'])
/** Preprints of a registrant that also publishes journals. */
const PREPRINT_SUFFIX =
  /^10\.1101\/(?:\d{4}\.\d{2}\.\d{2}\.)?\d{6,}|preprint|essoar|discuss|^10\.5194\/[a-z]+d-|\/rs\.|arxiv|^10\.1002\/(?:essoar|alz\.0)|\/au\.\d|ssrn|techrxiv|osf\.io/i

const registrantOf = (doi: string): string => doi.slice(0, doi.indexOf('/'))

export function isRepository(doi: string): boolean {
  return REPOSITORIES.has(registrantOf(doi)) || PREPRINT_SUFFIX.test(doi)
}

/** Whether one can be a version of the other, by its spelling. */
export function isVersionOf(found: string, ours: string): boolean {
  if (isRepository(found) || isRepository(ours)) return true
  const registrant = registrantOf(found)
  return registrant === registrantOf(ours) && PUBLIC_REVIEW.has(registrant)
}

export function sameRegistrant(one: string, other: string): boolean {
  return registrantOf(one) === registrantOf(other)
}
