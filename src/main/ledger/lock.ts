/**
 * Single ownership. The file `lock` names the process that has the ledger open; a second process gets "in use
 * by pid N since …". Invariant: two processes never both believe that they hold it.
 *
 * The file appears with its content at once (a hard link to a finished file; without link support, exclusive
 * creation). A lock whose process is dead is stale. Taking it over first requires a claim: a lock of its own
 * whose name is derived from the stale content, so that of all processes that saw the same dead owner only
 * one may replace it. A claim whose process died is taken over in the same way. Under the claim the stale
 * content is compared once more: it may have been replaced before the claim was taken.
 */
import { SheafError } from '../../contract/errors'
import { meansCopyInstead } from '../platform/copy-instead'
import { systemCode } from '../platform/files'
import { PROGRAMS, type Host, type Program } from '../platform/host'
import { isObject, jsonOrNull } from '../../contract/unknown-values'
import { unusableFolder } from '../platform/disk-errors'
import { sha256Hex } from '../platform/sha256'
import { writeNew } from '../platform/write-new'

/** The process that holds, or held, the ledger. */
export interface LockHolder {
  readonly pid: number
  /** start of that process, epoch seconds */
  readonly startedAt: number
  readonly hostname: string
  /** time of locking, epoch seconds */
  readonly since: number
  readonly bootId: string
  readonly nonce: string
  /** null: written by a version that did not record it */
  readonly program: Program | null
}

export interface Lock {
  /** the dead process that it was taken over from */
  readonly tookOverFrom: LockHolder | null
  /** true when the file that was taken over named no owner (its process died while writing it) */
  readonly tookOverNameless: boolean
  /** Removes the file, if it still belongs to this process. */
  release(): Promise<void>
}

const LOCK = 'lock'
/** A lock file without an owner that is older than this was left by a process that died while writing it. */
const NAMELESS_SECONDS = 5
const CLAIM_TRIES = 100

type Taken = { readonly kind: 'taken'; readonly from: Found | null }
type Held = { readonly kind: 'held'; readonly by: Found }

interface Found {
  readonly text: string
  /** null when the content names no owner */
  readonly holder: LockHolder | null
  readonly modifiedAt: number
}

/** Throws LEDGER_IN_USE, or FOLDER_UNUSABLE, DISK_FULL, DISK_READ_ONLY when the lock cannot be written. */
export async function takeLock(host: Host, folder: string): Promise<Lock> {
  const path = `${folder}/${LOCK}`
  const mine = describeMe(host)
  const answer = await take(host, path, mine, 0).catch((error: unknown) => {
    throw error instanceof SheafError ? error : unusableFolder(error, `The data folder ${folder}`)
  })
  if (answer.kind === 'held') throw inUse(host, path, answer.by)
  host.probe('LOCK: taken')
  return {
    tookOverFrom: answer.from?.holder ?? null,
    tookOverNameless: answer.from !== null && answer.from.holder === null,
    async release() {
      const there = await look(host, path)
      if (there?.text === mine) await host.files.remove(path)
    }
  }
}

/** The process that holds the folder's ledger now; null when no live one does. Read-only. */
export async function readHolder(host: Host, folder: string): Promise<LockHolder | null> {
  const found = await look(host, `${folder}/${LOCK}`)
  return found === null || found.holder === null || isStale(host, found) ? null : found.holder
}

async function take(host: Host, path: string, mine: string, depth: number): Promise<Taken | Held> {
  for (let tries = 0; ; tries += 1) {
    const found = await look(host, path)
    if (found === null) {
      if (!(await create(host, path, mine))) continue
      // On file systems without links, another process may have considered our half-written file stale.
      const there = await look(host, path)
      if (there?.text === mine) return { kind: 'taken', from: null }
      continue
    }
    if (!isStale(host, found)) {
      // No owner yet: the file may be in the middle of being written.
      if (found.holder !== null || tries > NAMELESS_SECONDS * 4) return { kind: 'held', by: found }
      await host.clock.sleep(250)
      continue
    }
    const replaced = depth > 8 ? 'another process' : await replace(host, path, found, mine, depth)
    if (replaced === 'mine') return { kind: 'taken', from: found }
    if (tries > CLAIM_TRIES) return { kind: 'held', by: found }
    await host.clock.sleep(20)
  }
}

/** Replaces a stale file by `mine`, unless another process is about to. */
async function replace(
  host: Host,
  path: string,
  stale: Found,
  mine: string,
  depth: number
): Promise<'mine' | 'another process'> {
  const name = sha256Hex(`${path}\n${stale.text}\n${stale.holder === null ? stale.modifiedAt : ''}`)
  const claim = `${path.slice(0, path.lastIndexOf('/'))}/${LOCK}-claim-${name.slice(0, 24)}`
  const claimed = await take(host, claim, mine, depth + 1)
  if (claimed.kind === 'held') return 'another process'
  try {
    const now = await look(host, path)
    if (now?.text !== stale.text || now.modifiedAt !== stale.modifiedAt) return 'another process'
    await host.files.writeWhole(path, mine)
    return 'mine'
  } finally {
    await host.files.remove(claim)
  }
}

/** True when the file did not exist and was created with this content. */
async function create(host: Host, path: string, text: string): Promise<boolean> {
  const aside = `${path}.${host.random.hex(6)}.tmp`
  const { files } = host
  await files.writeWhole(aside, text)
  try {
    await files.link(aside, path)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    if (!meansCopyInstead(systemCode(error))) throw error
    return await createWithoutLinks(host, path, text)
  } finally {
    await files.remove(aside)
  }
}

async function createWithoutLinks(host: Host, path: string, text: string): Promise<boolean> {
  try {
    await writeNew(host.files, path, text)
    return true
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return false
    throw error
  }
}

async function look(host: Host, path: string): Promise<Found | null> {
  try {
    const text = Buffer.from(await host.files.readWhole(path)).toString('utf8')
    const stat = await host.files.stat(path)
    return stat === null ? null : { text, holder: holderOf(text), modifiedAt: stat.modifiedAt }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return null
    throw error
  }
}

function isStale(host: Host, { holder, modifiedAt }: Found): boolean {
  if (holder === null) return Math.abs(host.clock.now() - modifiedAt) > NAMELESS_SECONDS
  const me = host.identity
  if (holder.hostname !== me.hostname) return false
  // A different exact boot id proves a restart; approximate ids (`boot-…`) prove nothing.
  const exact = !holder.bootId.startsWith('boot-') && !me.bootId.startsWith('boot-')
  if (exact && holder.bootId !== me.bootId) return true
  if (!me.isAlive(holder.pid, holder.startedAt)) return true
  // The pid is in use, but the system does not report its start time. If this process has the single-instance
  // lock of the app that wrote the lock, it is a different process.
  const isUnknown = (me.startOf?.(holder.pid) ?? null) === null
  return isUnknown && holder.program === 'app' && me.isOnlyApp === true && holder.pid !== me.pid
}

function inUse(host: Host, path: string, found: Found): SheafError {
  const { holder } = found
  if (holder === null) {
    return new SheafError('LEDGER_IN_USE', `The ledger is being opened by another Sheaf (${path}).`)
  }
  const since = new Date(holder.since * 1000).toISOString()
  const { what, close } = PROGRAM_WORDS[holder.program ?? 'unknown']
  const facts = { pid: holder.pid, hostname: holder.hostname, since: holder.since }
  if (holder.hostname !== host.identity.hostname) {
    return new SheafError(
      'LEDGER_IN_USE',
      `The ledger is in use on another computer, ${holder.hostname}, by pid ${holder.pid} since ${since}${what}.`,
      { facts, hint: `${close} there. If it no longer runs, remove the file ${path}.` }
    )
  }
  return new SheafError('LEDGER_IN_USE', `The ledger is in use by pid ${holder.pid} since ${since}${what}.`, {
    facts,
    hint: `${close} (pid ${holder.pid}), or use another data folder. If that process is not Sheaf, remove the file ${path}.`
  })
}

/** The name of the running program, and the user's next step. */
const PROGRAM_WORDS: Readonly<
  Record<Program | 'unknown', { readonly what: string; readonly close: string }>
> = {
  app: { what: ': the Sheaf app is open', close: 'Close the Sheaf app' },
  command: {
    what: ': a command of Sheaf is running',
    close: 'Wait for the command to end, or stop it with Ctrl-C'
  },
  unknown: { what: '', close: 'Close the Sheaf app or command' }
}

function describeMe(host: Host): string {
  const { pid, startedAt, hostname, bootId, program = null } = host.identity
  const me: LockHolder = {
    pid,
    startedAt,
    hostname,
    since: host.clock.now(),
    bootId,
    nonce: host.random.hex(8),
    program
  }
  return `${JSON.stringify(me)}\n`
}

function holderOf(text: string): LockHolder | null {
  const value = jsonOrNull(text)
  if (!isObject(value)) return null
  const { pid, startedAt, hostname, since, bootId, nonce, program } = value
  if (typeof pid !== 'number' || typeof startedAt !== 'number') return null
  if (typeof hostname !== 'string' || typeof since !== 'number') return null
  return {
    pid,
    startedAt,
    hostname,
    since,
    bootId: typeof bootId === 'string' ? bootId : 'boot-',
    nonce: typeof nonce === 'string' ? nonce : '',
    program: PROGRAMS.find((one) => one === program) ?? null
  }
}
