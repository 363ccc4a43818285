/**
 * The Host: everything of the outside world that the engine is given rather than takes. Electron,
 * Node and a test each build one. Nothing below this room reads a clock, rolls a die, opens a file
 * or looks at the environment by itself.
 */
import type { StartChild } from './child-process'
import type { Files } from './files'
import type { Log } from './log'
import type { ProbeName } from './probes'

export interface Clock {
  /** Epoch seconds, as the ledger keeps them. May jump. */
  now(): number
  /** Milliseconds that never go back; stand still while the machine sleeps on some systems. */
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

/** Who this process is, for leases and the lock. */
/** What holds a ledger: the app, or a command of the command line. */
export const PROGRAMS = ['app', 'command'] as const
export type Program = (typeof PROGRAMS)[number]

export interface Identity {
  /** absent: not known */
  readonly program?: Program
  readonly hostname: string
  readonly pid: number
  /** when this process started, epoch seconds, whole: `host:pid:start` names a lease owner */
  readonly startedAt: number
  /** changes at every boot of the machine: bytes written in an earlier boot may not have survived */
  readonly bootId: string
  /** is the process `pid` alive, and the one that started then (when that can be known)? */
  isAlive(pid: number, startedAt: number | null): boolean
  /** when a process began, epoch seconds; null or absent: the system does not say */
  readonly startOf?: (pid: number) => number | null
  /** Electron's single-instance lock of the data folder is this process's: no other app has that folder open */
  readonly isOnlyApp?: boolean
}

/** A small file that is written without waiting and without a sync; what cannot be written is left out. */
export interface MarkFile {
  /** what it held when it was opened */
  readonly text: string
  /** Replaces what it holds. */
  write(text: string): void
  close(): void
}

export interface Host {
  readonly clock: Clock
  readonly random: Random
  readonly files: Files
  readonly log: Log
  readonly identity: Identity
  /** Starts a process of our own in which hostile bytes are read. */
  readonly startChild: StartChild
  /** An instant worth dying at. A no-op outside crash tests. */
  probe(name: ProbeName): void
  /** Opens or creates a mark, for this user only; a link is not followed. Throws as the system does. */
  openMark?(path: string): MarkFile
  /** Bytes of memory this process may still take; null, or absent, where the system does not say. */
  availableMemory?(): number | null
  /** The system's way to an address (its settings or a PAC script): `PROXY host:8080; DIRECT`. Absent: it cannot be asked. */
  systemProxy?(url: string): Promise<string>
  readonly env: Readonly<Record<string, string | undefined>>
}

export function ownerName(identity: Identity): string {
  return `${identity.hostname}:${String(identity.pid)}:${String(identity.startedAt)}`
}
