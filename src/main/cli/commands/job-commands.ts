/** `sheaf retry`, `attach`, `remove` and `quarantine`: user operations on single papers. */
import { resolve } from 'node:path'
import { counted } from '../../../contract/counted'
import { ERRORS, fail } from '../../../contract/errors'
import type { DoneLine } from '../../../contract/lines'
import { isDone } from '../../../contract/states'
import type { Sheaf } from '../../sheaf-api'
import type { SheafReader } from '../../sheaf-reading'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { reasonInWords } from '../progress'
import { print, tell, withReader, withSheaf, type CommandContext } from '../command-context'
import { bytesInWords, columns, instantInWords } from '../wording'

export function retry(context: CommandContext, request: RequestOf<'retry'>): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf }) => {
    const { reasons, list } = request
    const jobIds = request.jobIds.map((name) => sheaf.jobNamed(name))
    assertKnownReasons(reasons, Object.keys(sheaf.status().byReason))
    const n = await sheaf.retry({
      ...(reasons.length === 0 ? {} : { reasons }),
      ...(jobIds.length === 0 ? {} : { jobIds }),
      ...(list === null ? {} : { list })
    })
    context.lines?.write({ type: 'retry', jobs: n })
    print(context, `${counted(n, 'job')} put back; sheaf run works on ${n === 1 ? 'it' : 'them'}.`)
    return EXIT.done
  })
}

/** A reason that no job can have, and none has, is a typo: retrying nothing would hide it. */
function assertKnownReasons(reasons: readonly string[], present: readonly string[]): void {
  const unknown = reasons.find((reason) => !present.includes(reason) && !JOB_REASONS.includes(reason))
  if (unknown === undefined) return
  const here = present.length === 0 ? '' : ` Failed jobs have ${present.join(', ')}.`
  fail('BAD_OPTION', `--reason cannot be “${unknown}”; it must be one of ${JOB_REASONS.join(', ')}.${here}`)
}

/** Error codes with which a job may fail. */
const JOB_REASONS: readonly string[] = Object.entries(ERRORS).flatMap(([code, { family }]) =>
  ['RetryLater', 'TryNext', 'GiveUp'].includes(family) ? [code] : []
)

export function attach(context: CommandContext, request: RequestOf<'attach'>): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf }) =>
    filed(context, await sheaf.attach(sheaf.jobNamed(request.jobId), resolve(request.file), context.signal))
  )
}

function filed(context: CommandContext, done: DoneLine): ExitStatus {
  context.lines?.write(done)
  if (isDone(done.state)) {
    print(context, done.path ?? '')
    tell(context, done.state === 'SKIPPED_DUPLICATE' ? 'The same file was in the library already.' : 'Filed.')
    return EXIT.done
  }
  tell(context, `Not filed: ${reasonInWords(done.reason ?? done.state)}`)
  return EXIT.someFailed
}

export function remove(context: CommandContext, request: RequestOf<'remove'>): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf }) => {
    const id = named(sheaf, request.id)
    if (request.undo) {
      const { workId } = await sheaf.undoRemove(id)
      context.lines?.write({ type: 'restored', work_id: workId })
      print(context, `${workId} is no longer removed; sheaf run fetches it again where its file is gone.`)
      return EXIT.done
    }
    const { workId, files } = await sheaf.remove(id)
    context.lines?.write({ type: 'removed', work_id: workId, files })
    print(
      context,
      `${workId} is removed (${counted(files, 'file')}); sheaf remove ${workId} --undo takes that back.`
    )
    return EXIT.done
  })
}

/** A work's id is used as it is; every other name of a job is resolved. */
function named(sheaf: Sheaf, text: string): string {
  return sheaf.namesOf(text) === null ? sheaf.jobNamed(text) : text
}

export function quarantine(context: CommandContext, request: RequestOf<'quarantine'>): Promise<ExitStatus> {
  const { action } = request
  if (action.kind === 'list') return withReader(context, (reader) => listQuarantine(context, reader))
  return withSheaf(context, async ({ sheaf }) => {
    switch (action.kind) {
      case 'accept':
        return filed(context, await sheaf.quarantineAccept(action.id, context.signal))
      case 'reject': {
        const file = await sheaf.quarantineReject(action.id)
        context.lines?.write({ type: 'rejected', id: file.id, job_id: file.jobId, work_id: file.workId })
        print(context, `${file.id} is gone; the paper of ${file.workId} is still asked for.`)
        return EXIT.done
      }
      default:
        return action satisfies never
    }
  })
}

async function listQuarantine(context: CommandContext, reader: SheafReader): Promise<ExitStatus> {
  const files = await reader.quarantineList()
  for (const file of files) {
    context.lines?.write({
      type: 'quarantined',
      id: file.id,
      job_id: file.jobId,
      work_id: file.workId,
      sha256: file.sha256,
      bytes: file.bytes,
      path: file.path,
      because: file.because,
      evidence: file.evidence,
      quarantined_at: file.quarantinedAt
    })
  }
  if (files.length === 0) tell(context, 'The quarantine is empty.')
  else {
    const rows = files.map((file) => [
      file.id,
      instantInWords(file.quarantinedAt),
      bytesInWords(file.bytes),
      file.workId,
      file.because
    ])
    print(context, columns(rows))
  }
  return EXIT.done
}
