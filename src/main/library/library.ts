/**
 * The public API of `library`: files. Parts grow in `.sheaf/staging`, are judged, become objects under their
 * hash and papers under a readable name, and are listed in `manifest.jsonl`. No file is visible under a final
 * name before it is complete; no file of the user is ever overwritten.
 */
import type { ErrorCode } from '../../contract/errors'
import type { ArtifactRow, Identifiers, PartFacts, Validator, WorkFacts } from '../../contract/work'
import type { Format, PaperVerdict } from '../../contract/words'
import type { ManifestRecord } from './manifest-file'
import type { HeadRefusal } from './judge-head'
import type { ManifestEntry } from './manifest-entry'
import type { IsKnownLine, ManifestLine, ManifestReading, OwnChange } from './manifest-papers'
import type { Naming } from './paper-name'
import type { Thumbnails } from './thumbnails'
export type { ManifestRecord } from './manifest-file'

/** A part being written. One owner; `close` keeps the bytes. */
export interface Part {
  readonly bytes: number
  /** Appends bytes and updates the hash. Syncs every MiB (of a large file less often) and notes it in the sidecar. */
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
  /** the provenance data; needed when the user accepts the file */
  readonly provenance: unknown
}

/** The fields of a work that make its readable name. */
export type NamedWork = Naming

/** The steps of one renaming; each may be repeated after a crash. Names are `papers/…`. */
export interface PaperNames {
  /** Whether the name has the form that the naming template gives. */
  isNamed(paperPath: string, work: NamedWork): boolean
  /**
   * `lost`: the object is not whole. Of the readable name: `ok`, `missing`, or `changed`, another file than the
   * one that was stored. Without `hash` sizes are compared.
   */
  condition(
    artifact: ArtifactRow,
    how: { readonly hash: boolean }
  ): Promise<'ok' | 'missing' | 'changed' | 'lost'>
  /** A free name, reserved for the caller; with `taken` the name only becomes a member of it. */
  choose(path: string, work: NamedWork, taken?: Set<string>): Promise<string>
  /** Releases a chosen name. */
  forget(paperPath: string): void
  /**
   * Links the object under a chosen name; does nothing when it is linked already. FILE_UNWRITABLE: another
   * file has the name. Durable.
   */
  link(path: string, paperPath: string): Promise<void>
  /**
   * Removes the artifact's present name when it is the stored file (`isShared`: another paper has the name
   * too, and it stays); moves the provenance file beside it to the new name. Durable.
   */
  leave(artifact: ArtifactRow, to: string, isShared: boolean): Promise<void>
}

/** What is at a path: a file of the size that was recorded, nothing, or something else. */
export type FileCondition = 'ok' | 'missing' | 'damaged'

/** Objects by their paths, relative to the library: `objects/ab/<sha256>.pdf`. */
export interface LibraryObjects {
  path(sha256: string, format: Format): string
  /** Whether the object (or paper) exists with this size (and, on request, this hash). */
  check(
    path: string,
    expected: { readonly bytes: number; readonly sha256: string },
    options: { readonly hash: boolean }
  ): Promise<FileCondition>
  /** Whether the object (or paper) has exactly these bytes. Reads the whole file. */
  verify(
    path: string,
    sha256: string
  ): Promise<{ readonly kind: 'ok'; readonly bytes: number } | { readonly kind: 'missing' | 'damaged' }>
  /**
   * Links, or else copies, an object with this hash from a path in another library’s folder. Refuses a file
   * with other bytes. Durable.
   */
  bring(
    folder: string,
    place: string,
    object: { readonly sha256: string; readonly format: Format }
  ): Promise<'brought' | 'missing' | 'damaged'>
  /** Restores an object under its path from another relative path with the same bytes. Durable. */
  restore(from: string, to: string): Promise<void>
}

/** Where a stored file is, and its bytes. */
export type StoredFile = Pick<ArtifactRow, 'sha256' | 'bytes' | 'path' | 'paperPath'>

/** Readable names under `papers/`. */
export interface LibraryPapers {
  /** Gives stored papers another readable name. */
  readonly names: PaperNames
  /** Links another readable name to an existing object (a duplicate, a re-link). Durable. */
  link(path: string, work: NamedWork): Promise<string>
  writeProvenanceBeside(artifact: ArtifactRow): Promise<void>
  /** Removes a paper's readable name, and the object when `lastName` says that no other name refers to it. */
  remove(artifact: StoredFile, lastName: boolean): Promise<void>
}

/** `manifest.jsonl`, the library's own list. */
export interface LibraryManifest {
  /** One line per finished work; appending the same artifact twice changes nothing. Durable on return. */
  append(entry: ManifestEntry): Promise<void>
  /** Changes the readable names by artifact, in one write. Durable on return. */
  rename(names: ReadonlyMap<string, string>): Promise<void>
  drop(artifactIds: readonly string[]): Promise<void>
  /** The manifest on disk, by artifact, without known lines; ignores invalid lines. */
  read(isKnown?: IsKnownLine): Promise<Map<string, ManifestLine>>
  /** The same with the invalid lines. */
  readLines(isKnown?: IsKnownLine): Promise<ManifestReading>
  /** Where to ask what the file lists, so that it need not be read before a line is appended. */
  recordedIn(record: ManifestRecord): void
  /** Size and modification time of the file; null when there is none. */
  mark(): Promise<string | null>
  /**
   * How the file changed since this process first read it: its mark then and now, and the artifacts listed in
   * between (id to hash). null: unchanged, or also changed by another program.
   */
  ownChange(): Promise<OwnChange | null>
}

/** Files that are not the requested paper, and damaged ones. */
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
   * Moves a damaged object (relative path) in, as evidence, and removes its readable name when that is the
   * same file. Null: the path was a symbolic link, which was removed; its target stays.
   */
  setAside(artifact: ArtifactRow, because: string, now: number): Promise<QuarantinedFile | null>
}

/** Decides in a child process whether a file is a paper, and the right one. */
export interface LibraryJudge {
  /** Announces a file: the PDF reader starts while the server answers. */
  expectPdf(): void
  /** Judges the first bytes (up to 64 kB) of an answer: an early refusal saves the remaining bytes. */
  head(head: Uint8Array, expected: Expected, signal: AbortSignal): Promise<HeadRefusal | null>
  file(path: string, expected: Expected, signal: AbortSignal): Promise<Judgement>
}

/** The files of the library's folder, by relative paths. */
export interface LibraryFiles {
  /** All files under `objects/` and `papers/`. */
  list(): Promise<readonly { readonly path: string; readonly bytes: number }[]>
  /** The paths that `list` would return. Reads only the folders, so that 100,000 files cost little. */
  paths(): Promise<readonly string[]>
  /** The size of a file; null when it does not exist or is behind a symbolic link. */
  sizeOf(path: string): Promise<number | null>
  /**
   * Checks many files, sequentially or concurrently, without opening any: each folder on the path is read once
   * during the lifetime of the function, and a file behind a symbolic link counts as missing.
   */
  sizeCheck(): (path: string, bytes: number) => Promise<FileCondition>
  /** Of any path, inside or outside of the library. */
  hash(path: string): Promise<{ readonly sha256: string; readonly bytes: number }>
  /** Whether Sheaf itself writes this file beside papers (provenance, temporary names). */
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
  /** Creates the folders; FOLDER_UNUSABLE and DISK_READ_ONLY name the folder and the reason. */
  prepare(): Promise<void>
  /**
   * Resolves when a file can be written into every folder used for papers, and into those of `places`;
   * otherwise throws the disk's error, which names the folder.
   */
  proveWritable(places: readonly string[]): Promise<void>
  /**
   * Moves the part to its object and links its readable name. It first checks what exists, so it may be
   * called again after a crash at any instant.
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
  /** Copies a file of the user's into staging of a job (attach); the original is not changed. */
  takeIn(jobId: string, file: string): Promise<{ readonly sha256: string; readonly bytes: number }>
  /** Ends the reader processes. */
  close(): void
}

export type { Validator }
