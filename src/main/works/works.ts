/**
 * The public API of `works`: identifiers and references. User input becomes identifiers, a `work_id` and a
 * locator; reference files become drafts and back. Pure: no network, no disk, no clock, so that the same
 * input means the same work on every machine. It does not depend on jobs, rows or services.
 */
export { canonicalUrl, type CanonicalUrlOptions } from './canonical-url'
export {
  findIdentifiers,
  type FoundIdentifier,
  type FoundOnce,
  type UnderstoodNothing
} from './find-identifiers'
export { aliasesOf, locatorOf, workIdOf, type Alias, type NamedBy } from './identifiers'
export { areDifferentWorks, ownDoi, SeenWorks, titlesDiffer, withoutSchemes } from './same-work'
export { inCanary, jobIdOf, jobKey, opKey, type KeyObject, type KeyValue } from './keys'
export { recognise, type Recognised, type RecognisedIds, type RefusedText } from './recognise'
export { REFERENCE_FORMATS } from './format-of'
export {
  badFileProblem,
  decodeText,
  readDecoded,
  readReferences,
  referencePieces,
  WRITABLE_FORMATS,
  writeReferences,
  type Decoded,
  type Problem,
  type ReferenceCounts,
  type ReferenceFormat,
  type References,
  type WritableFormat,
  type WriteEntry
} from './references'

export {
  LINK_STYLES,
  linesWithFile,
  linkFiles,
  type BibLink,
  type LinkReport,
  type LinkStyle
} from './formats/bibtex-link'
export { draftOfZotero, readZoteroItem, type ZoteroReference } from './formats/zotero-item'
export { zoteroItemOf, type ZoteroItemData } from './formats/zotero-write'
