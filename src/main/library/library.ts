/**
 * The public API of `library`: files. Parts grow in `.sheaf/staging`, are judged, become objects under their
 * hash and papers under a readable name, and are listed in `manifest.jsonl`. No file is visible under a final
 * name before it is complete; no file of the user is ever overwritten.
 */
import type { ErrorCode } from '../../contract/errors'
import type { ArtifactRow, Identifiers, PartFacts, Validator, WorkFacts } from '../../contract/work'
import type { Format, PaperVerdict } from '../../contract/words'
import type { ManifestLine, ManifestReading, OwnChange } from './manifest-papers'
import type { Thumbnails } from './thumbnails'
import type { ManifestEntry } from './manifest-entry'

/** A part being written. One owner; `close` keeps the bytes. */
export interface Part {
  readonly bytes: number
  /** Appends bytes and updates the hash. Syncs every MiB and notes it in the sidecar. */
  write(chunk: Uint8Array): Promise<void>
  /** Syncs the rest. Resolves to the hash of all bytes from the first one. */
  finish(): Promise<{ readonly sha256: string; readonly bytes: number }>
  /** Syncs and closes; every byte stays on disk. Idempotent. */
  close(): Promise<void>
}

export interface Staging {
  /** The part of a job, or null. Bytes not known to have survived a reboot are not counted. */
  facts(jobId: string): Promise<PartFacts | null>
  /** Starts at zero: the sidecar is on disk before the first byte of the body. */
  begin(jobId: string, source: Omit<PartFacts, 'bytes'>): Promise<Part>
  /** Continues after the bytes on disk (reads them again for the hash). */
  resume(jobId: string): Promise<Part>
  /** Assigns the part of this job to another address that is proven to serve the same file. */
  readdress(jobId: string, url: string): Promise<void>
  path(jobId: string): string
  discard(jobId: string): Promise<void>
  /** All parts, for reconcile. */
  list(): Promise<readonly { readonly jobId: string; readonly bytes: number; readonly modifiedAt: number }[]>
}

/** The expected properties of a file. */
export interface Expected {
  readonly format: Format
  readonly ids: Identifiers
  readonly facts: WorkFacts
  /** what the server announced, when it did */
  readonly announcedBytes: number | null
  readonly contentType: string | null
  readonly url: string
  /** MD5 that the source announced, lower-case hex; absent when it named none */
  readonly md5?: string | undefined
}

export type Judgement =
  | {
      readonly kind: 'paper'
      readonly verdict: PaperVerdict
      readonly because: string
      readonly pages: number | null
      readonly encrypted: boolean
      readonly checks: readonly { readonly name: string; readonly result: string }[]
      /** the beginning of the text, for the search index; '' when none could be read */
      readonly text: string
    }
  /** a valid PDF of another work: goes to quarantine */
  | {
      readonly kind: 'mismatch'
      readonly because: string
      readonly evidence: Readonly<Record<string, unknown>>
    }
  | { readonly kind: 'rejected'; readonly reason: ErrorCode; readonly because: string }

export interface Finalized {
  /** `objects/ab/<sha256>.pdf` */
  readonly path: string
  /** `papers/<readable name>.pdf` */
  readonly paperPath: string
  /** true when the object was there already, with the right bytes */
  readonly adopted: boolean
}

export interface QuarantinedFile {
  readonly id: string
  readonly jobId: string
  readonly workId: string
  readonly sha256: string
  readonly bytes: number
  readonly path: string
  readonly because: string
  readonly evidence: Readonly<Record<string, unknown>>
  readonly quarantinedAt: number
  /** what provenance would have said; needed when the user accepts it */
  readonly provenance: unknown
}

/** A work, as its readable name is made of it. */
export interface NamedWork {
  readonly ids: Identifiers
  readonly facts: WorkFacts
  readonly workId: string
  readonly format: Format
}

/** The steps of one renaming, each of which may be repeated after a crash. Names are `papers/…`. */
export interface PaperNames {
  /** Has the name the form that the naming template gives? */
  isNamed(paperPath: string, work: NamedWork): boolean
  /**
   * `lost`: the object is not whole. Of the readable name: `ok`, `missing`, or `changed`, another file than the
   * one that was stored. Without `hash` sizes are compared.
   */
  condition(
    artifact: ArtifactRow,
    how: { readonly hash: boolean }
  ): Promise<'ok' | 'missing' | 'changed' | 'lost'>
  /** A free name, kept for the caller; with `taken` the name becomes a member of it, and nothing else changes. */
  choose(path: string, work: NamedWork, taken?: Set<string>): Promise<string>
  /** Gives up a name that was chosen. */
  forget(paperPath: string): void
  /** Links the object under a chosen name; nothing when it has it. FILE_UNWRITABLE: another file has it. Durable. */
  link(path: string, paperPath: string): Promise<void>
  /**
   * Takes the artifact's present name away when it is the stored file (`isShared`: another paper has it too, and
   * it stays); the provenance beside it follows to the new name. Durable.
   */
  leave(artifact: ArtifactRow, to: string, isShared: boolean): Promise<void>
}

/** What is at a path: a file of the size that was recorded, nothing, or something else. */
export type FileCondition = 'ok' | 'missing' | 'damaged'

/** Objects by their paths, relative to the library: `objects/ab/<sha256>.pdf`. */
export interface LibraryObjects {
  path(sha256: string, format: Format): string
  /** Is the object (or paper) there with this size (and, when asked, this hash)? */
  check(
    path: string,
    expected: { readonly bytes: number; readonly sha256: string },
    options: { readonly hash: boolean }
  ): Promise<FileCondition>
  /** Has the object (or paper) these very bytes? All of it is read. */
  verify(
    path: string,
    sha256: string
  ): Promise<{ readonly kind: 'ok'; readonly bytes: number } | { readonly kind: 'missing' | 'damaged' }>
  /**
   * Links, else copies, an object of these bytes in from a place in another library’s folder. A
   * file with other bytes is not taken. Durable.
   */
  bring(
    folder: string,
    place: string,
    object: { readonly sha256: string; readonly format: Format }
  ): Promise<'brought' | 'missing' | 'damaged'>
  /** Puts an object back under its path from another relative path that has the same bytes. Durable. */
  restore(from: string, to: string): Promise<void>
}

/** Readable names under `papers/`. */
export interface LibraryPapers {
  /** How stored papers are given another readable name. */
  readonly names: PaperNames
  /** Links another readable name to an object that is there (a duplicate, a re-link). Durable. */
  link(path: string, work: NamedWork): Promise<string>
  writeProvenanceBeside(artifact: ArtifactRow): Promise<void>
  /** Removes a paper's readable name, and the object when `lastName` says that no other name refers to it. */
  remove(artifact: ArtifactRow, lastName: boolean): Promise<void>
}

/** `manifest.jsonl`, the library's own list. */
export interface LibraryManifest {
  /** One line a finished work; appending the same artifact twice changes nothing. Durable on return. */
  append(entry: ManifestEntry): Promise<void>
  /** Other readable names by artifact, written once for all. Durable on return. */
  rename(names: ReadonlyMap<string, string>): Promise<void>
  drop(artifactIds: readonly string[]): Promise<void>
  /** As it stands on disk, by artifact; lines that are none count for nothing. */
  read(): Promise<Map<string, ManifestLine>>
  /** The same with the lines that are none. */
  readLines(): Promise<ManifestReading>
  /** Size and time of change of the file; null when there is none. */
  mark(): Promise<string | null>
  /**
   * How the file changed since this process first read it: its mark then and now, and the artifacts listed in
   * between (id to hash). null: unchanged, or changed by another program, too.
   */
  ownChange(): Promise<OwnChange | null>
}

/** Files that are not the paper they were taken for, and damaged ones. */
export interface LibraryQuarantine {
  take(
    file: {
      readonly jobId: string
      readonly workId: string
      readonly because: string
      readonly evidence: Readonly<Record<string, unknown>>
      readonly provenance: unknown
      readonly now: number
    },
    from: string
  ): Promise<QuarantinedFile>
  /** `tidy`: removes files that were accepted and stored since (the default); false writes nothing. */
  list(how?: { readonly tidy: boolean }): Promise<readonly QuarantinedFile[]>
  /** Removes a file from the quarantine: into staging of its job (accept), or deletes it (reject). */
  release(id: string, verdict: 'accept' | 'reject'): Promise<QuarantinedFile>
  /**
   * Moves a damaged object (relative path) in, as evidence, and takes its readable name away when that is the
   * same file. Null: a link lay there, which is gone; what it led to stays.
   */
  setAside(artifact: ArtifactRow, because: string, now: number): Promise<QuarantinedFile | null>
}

/** Judges whether a file is a paper, and the right one, in a child process. */
export interface LibraryJudge {
  /** Announces a file: the PDF reader starts while the server answers. */
  expectPdf(): void
  /** Judges the first bytes (up to 64 kB) of an answer: an early refusal saves the remaining bytes. */
  head(
    head: Uint8Array,
    expected: Expected,
    signal: AbortSignal
  ): Promise<{ readonly reason: ErrorCode; readonly because: string } | null>
  file(path: string, expected: Expected, signal: AbortSignal): Promise<Judgement>
}

/** The files of the library's folder, by relative paths. */
export interface LibraryFiles {
  /** All files under `objects/` and `papers/`. */
  list(): Promise<readonly { readonly path: string; readonly bytes: number }[]>
  /** The paths that `list` would name. Looks at the folders only, so that 100,000 files cost little. */
  paths(): Promise<readonly string[]>
  /** The size of a file; null when it is not there, or behind a link. */
  sizeOf(path: string): Promise<number | null>
  /**
   * Looks at many files, one after the other or together, without opening one: each folder on the way is
   * looked at once for as long as the function is kept, and what is behind a link is missing.
   */
  looking(): (path: string, bytes: number) => Promise<FileCondition>
  /** Of any path. */
  hash(path: string): Promise<{ readonly sha256: string; readonly bytes: number }>
  /** Is this something Sheaf writes beside papers (provenance, temporary names)? */
  isOwn(path: string): boolean
}

export interface Library {
  readonly root: string
  readonly staging: Staging
  readonly objects: LibraryObjects
  readonly papers: LibraryPapers
  readonly manifest: LibraryManifest
  readonly quarantine: LibraryQuarantine
  readonly judge: LibraryJudge
  readonly files: LibraryFiles
  readonly thumbnails: Thumbnails
  /** Creates the folders; FOLDER_UNUSABLE, DISK_READ_ONLY say which and why. */
  prepare(): Promise<void>
  /**
   * Resolves when a file can be written into every folder used for papers, and into those of `places`; else
   * throws the disk's error, which names the folder.
   */
  proveWritable(places: readonly string[]): Promise<void>
  /**
   * Moves the part to its object and links its readable name. It first checks what exists, so it may be
   * called again after a crash at any instant. `preferredName` is reused when it is this file.
   */
  finalize(
    part: {
      readonly jobId: string
      readonly sha256: string
      readonly bytes: number
      readonly format: Format
    },
    naming: Omit<NamedWork, 'format'>
  ): Promise<Finalized>
  /** Copies a file of the user's into staging of a job (attach); the user's own file is untouched. */
  takeIn(jobId: string, file: string): Promise<{ readonly sha256: string; readonly bytes: number }>
  /** Ends the reader processes. */
  close(): void
}

export type { Validator }
