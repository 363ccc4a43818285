/**
 * The Host: everything of the outside world that the engine uses, passed in. Electron, Node and tests each
 * build one. No module below reads a clock, generates random numbers, opens a file or reads the environment
 * by itself.
 */
import type { StartChild } from './child-process'
import type { Files } from './files'
import type { Log } from './log'
import type { ProbeName } from './probes'

export interface Clock {
  /** Epoch seconds, as in the ledger. May jump. */
  now(): number
  /** Milliseconds that never go back; on some systems stopped while the machine sleeps. */
  monotonicMs(): number
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Calls `tick` every `ms` until the returned function is called. Does not keep a process alive. */
  every(ms: number, tick: () => void): () => void
}

export interface Random {
  /** [0, 1) */
  uniform(): number
  /** `bytes` random bytes as lower-case hex */
  hex(bytes: number): string
}

/** The kind of a program that holds a ledger: the app, or a command of the command line. */
export const PROGRAMS = ['app', 'command'] as const
export type Program = (typeof PROGRAMS)[number]

/** Identifies this process, for leases and the lock. */
export interface Identity {
  /** absent: unknown */
  readonly program?: Program
  readonly hostname: string
  readonly pid: number
  /** start of this process, epoch seconds, integer: `host:pid:start` names a lease owner */
  readonly startedAt: number
  /** changes at every boot of the machine: bytes written before may not have survived */
  readonly bootId: string
  /** is the process `pid` alive, and is it the one that started then (where that is known)? */
  isAlive(pid: number, startedAt: number | null): boolean
  /** start of a process, epoch seconds; null or absent: unknown */
  readonly startOf?: (pid: number) => number | null
  /**
   * this process has Electron's single-instance lock of the data folder: no other app has that folder open
   */
  readonly isOnlyApp?: boolean
}

/** A small file that is written synchronously and without a sync; write errors are ignored. */
export interface MarkFile {
  /** its content when it was opened */
  readonly text: string
  /** Replaces its content. */
  write(text: string): void
  close(): void
}

export interface Host {
  readonly clock: Clock
  readonly random: Random
  readonly files: Files
  readonly log: Log
  readonly identity: Identity
  /** Starts a child process for parsing untrusted bytes. */
  readonly startChild: StartChild
  /** A point at which crash tests may kill the process. A no-op otherwise. */
  probe(name: ProbeName): void
  /** Opens or creates a mark, for this user only; a link is not followed. Throws system errors. */
  openMark?(path: string): MarkFile
  /** Bytes of memory this process may still allocate; null, or absent, where unknown. */
  availableMemory?(): number | null
  /**
   * The system's proxy for an address (by its settings or a PAC script): `PROXY host:8080; DIRECT`. Absent:
   * unavailable.
   */
  systemProxy?(url: string): Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
}

export function ownerName(identity: Identity): string {
  return `${identity.hostname}:${String(identity.pid)}:${String(identity.startedAt)}`
}

/** A process of this machine that is known to be gone; nothing is known of other machines. */
export function hasOwnerDied(identity: Identity, owner: string): boolean {
  const [, hostname, pid, startedAt] = /^(.*):(\d+):(\d+)$/.exec(owner) ?? []
  if (hostname !== identity.hostname) return false
  return !identity.isAlive(Number(pid), Number(startedAt))
}
