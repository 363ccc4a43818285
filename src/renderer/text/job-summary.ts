/**
 * The summary of a job: what happened, in plain sentences, and what comes next. Pure. It describes the most
 * informative event; the timeline below has all of them.
 */
import { counted } from '../../contract/counted'
import { nextAttempt, resultOf, type PartBytes } from '../../contract/job-history'
import type { JobDetail } from '../../contract/job-views'
import type { FileView } from '../../contract/library-views'
import { hintOfReason, sentenceOfReason, withStop } from '../../contract/reason-words'
import { sourceInSentence } from '../../contract/source-names'
import { isDone } from '../../contract/states'
import type { JobView } from '../../contract/views'
import { ACCEPTED_BY_PERSON, type RestartReason } from '../../contract/words'
import { bytes as sayBytes, bytesKnown, instant, isSameDay, joined, onDate, shareKnown } from './figures'
import { IS_DUPLICATE } from './job-words'
import { licenseName, versionInSentence } from './names'
import type { EntryTone, SummaryView } from './timeline-entry'

type SummaryInput = Pick<JobDetail, 'job' | 'history' | 'candidates' | 'file'>

export function summaryOf(of: SummaryInput): SummaryView {
  const { job } = of
  if (!job.recorded) return unremembered(of)
  if (job.hold === 'removed') return removed(of)
  if (job.hold === 'ignored') {
    return {
      headline: 'Skipped by you.',
      text: withStop(job.because ?? 'It failed'),
      next: 'Nothing happens until you unskip or retry it.',
      tone: 'quiet'
    }
  }
  if (job.hold === 'paused') return paused(of)
  if (isDone(job.state)) return arrived(of)
  if (job.state === 'FAILED') return job.nextAttemptAt === null ? failed(of) : putOff(of)
  return job.group === 'active' ? inProgress(of) : waiting(of)
}

function removed({ history }: SummaryInput): SummaryView {
  const at = history.events.findLast((event) => event.kind === 'removed')?.at ?? history.context.now
  return {
    headline: `Removed by you on ${onDate(at)}.`,
    text: 'The paper was removed from the library. Adding it again does not bring it back.',
    next: 'Undo the removal to download it again.',
    tone: 'attention'
  }
}

function paused(of: SummaryInput): SummaryView {
  const { part: stored, live } = of.history.context
  const part = stored ?? live
  return {
    headline: 'Paused by you.',
    text:
      part === null || part.bytes === 0
        ? 'Nothing has been downloaded yet.'
        : `${onDisk(part)} on disk and are kept.`,
    next: 'You can resume it at any time; it continues where it stopped.',
    tone: 'quiet'
  }
}

function arrived(of: SummaryInput): SummaryView {
  const { job, file } = of
  const next = nextOfFiled(file)
  if (job.state === 'SKIPPED_DUPLICATE') {
    return {
      headline: `${IS_DUPLICATE}.`,
      text: 'Your library has the same file for another work. Both use it; nothing is stored twice.',
      next,
      tone: 'good'
    }
  }
  if (file?.source === 'manual') {
    return { headline: 'Added by you.', text: verdictOf(file), next, tone: toneOf(file) }
  }
  const between = interruptionOf(of, 'past')
  if (between !== null) {
    const doubt = file !== null && isDoubtful(file) ? ` ${verdictOf(file)}` : ''
    return { ...between, text: `${between.text}${doubt}`, next, tone: toneOf(file) }
  }
  return {
    headline: null,
    text: `${foundBy(of)}${file === null ? '' : ` ${verdictOf(file)}`}`,
    next,
    tone: toneOf(file)
  }
}

function nextOfFiled(file: FileView | null): string {
  return file !== null && isDoubtful(file)
    ? 'Open the file and check that it is the right paper; remove it if it is not.'
    : 'Nothing to do: it is in your library.'
}

function toneOf(file: FileView | null): EntryTone {
  return file === null || !isDoubtful(file) ? 'good' : 'attention'
}

/** The right-paper check was unsure, and the user has not decided. */
function isDoubtful(file: FileView): boolean {
  return file.verdict !== 'match' && file.verdictBecause !== ACCEPTED_BY_PERSON
}

function verdictOf(file: FileView): string {
  const because = withStop(file.verdictBecause)
  if (file.verdict === 'match') return `Right paper: ${because}`
  return isDoubtful(file) ? `Please check it: ${because}` : because
}

function foundBy({ job, file }: SummaryInput): string {
  const source = file?.source ?? job.source
  const bytes = file?.bytes ?? job.bytes
  const size = bytes === null ? '' : `, ${sayBytes(bytes)}`
  const kind = joined(
    [
      file?.version == null ? null : versionInSentence(file.version),
      file?.license == null ? null : licenseName(file.license)
    ],
    ', '
  )
  const what = kind === '' ? '' : ` (${kind})`
  if (source === null) return `It arrived${size}.`
  return `Found through ${sourceInSentence(source)}${what}${size}.`
}

function failed(of: SummaryInput): SummaryView {
  const { job } = of
  const reason = job.reason ?? 'INTERNAL'
  const sentence = sentenceOfReason(reason)
  const detail = job.because === null || job.because === sentence ? '' : `${withStop(job.because)} `
  return {
    headline: sentence,
    text: `${detail}${tried(of)}`.trim(),
    next: hintOfReason(reason),
    tone: reason === 'CANCELLED' ? 'quiet' : 'bad'
  }
}

/** “7 sources were asked; 2 copies were tried and rejected.” */
function tried({ history, candidates }: SummaryInput): string {
  const sources = new Set(history.asked.filter((one) => one.outcome !== 'skipped').map((one) => one.source))
    .size
  if (sources === 0) return ''
  const were = `${counted(sources, 'source')} ${sources === 1 ? 'was' : 'were'} asked`
  if (candidates.length === 0) return `${were}; none listed a copy.`
  const rejected = candidates.filter((one) => one.verdict === 'rejected').length
  return `${were}; ${counted(rejected, 'copy', 'copies')} ${rejected === 1 ? 'was' : 'were'} tried and rejected.`
}

function putOff(of: SummaryInput): SummaryView {
  const { job } = of
  const { now, part } = of.history.context
  const at = job.nextAttemptAt ?? now
  const kept = part === null || part.bytes === 0 ? '' : ` ${onDisk(part)} on disk and are kept.`
  return {
    headline: at <= now ? 'Retrying now.' : `Next try at ${instant(at, now)}.`,
    text: `${withStop(job.because ?? 'It could not be downloaded')}${kept}`,
    next: at <= now ? 'Waiting in the queue.' : 'Sheaf retries automatically; press Retry to try now.',
    tone: 'attention'
  }
}

function inProgress(of: SummaryInput): SummaryView {
  const { job } = of
  const between = interruptionOf(of, 'now')
  const next = NEXT[job.state] ?? 'It is downloaded, checked and filed in your library.'
  if (between !== null) return { ...between, next, tone: 'now' }
  if (job.state === 'STREAMING') {
    const bytes = job.bytes === null ? '' : ` ${bytesKnown(job.bytes, job.totalBytes)} are here.`
    return {
      headline: null,
      text: `A copy${job.source === null ? '' : ` from ${sourceInSentence(job.source)}`} is being downloaded${job.host === null ? '' : ` from ${job.host}`}.${bytes}`,
      next,
      tone: 'now'
    }
  }
  return { headline: null, text: 'In progress.', next, tone: 'now' }
}

const NEXT: Partial<Record<JobView['state'], string>> = {
  LEASED: 'Sheaf asks its sources in turn and downloads the first good copy.',
  HEAD_DONE: 'The copy that was found is downloaded next.',
  RESUME_OK: 'The download continues from the bytes on disk.',
  STREAMING: 'Then Sheaf checks that it is the right paper and files it in your library.',
  FINALIZED: 'It is added to your library.',
  INDEXED: 'It is compared with the papers you have.'
}

function waiting(of: SummaryInput): SummaryView {
  const { job } = of
  const { ops, events, context } = of.history
  const { part, now } = context
  const until = job.nextAttemptAt !== null && job.nextAttemptAt > now ? job.nextAttemptAt : null
  const next = until === null ? 'Waiting in the queue.' : `It continues at ${instant(until, now)}.`
  const last = ops.findLast((op) => op.kind === 'STREAM')
  if (part !== null && part.bytes > 0) {
    const died = last?.code === null || last?.code === 'ABANDONED'
    return {
      headline: died ? 'Interrupted.' : null,
      text: died
        ? `Sheaf stopped during the download; ${onDisk(part)} on disk and will not be downloaded again if the server still has the same version.`
        : `${onDisk(part)} on disk; the download continues from there.`,
      next,
      tone: died ? 'attention' : 'quiet'
    }
  }
  const origin = events.find((event) => event.kind === 'planned')?.detail['name']
  return {
    headline: null,
    text: `Added ${isSameDay(job.createdAt, now) ? `at ${instant(job.createdAt, now)}` : `on ${onDate(job.createdAt)}`}${typeof origin === 'string' ? ` from ${origin}` : ''}.`,
    next,
    tone: 'quiet'
  }
}

/** The last interruption after which a download was continued: by the end of Sheaf or by the network. */
function interruptionOf(
  of: SummaryInput,
  when: 'past' | 'now'
): Pick<SummaryView, 'headline' | 'text'> | null {
  const { ops, context } = of.history
  const { live } = context
  const cut = ops.findLast(
    (op) => op.kind === 'STREAM' && op.code !== 'OK' && op.code !== null && nextAttempt(ops, op) !== null
  )
  const next = cut === undefined ? null : nextAttempt(ops, cut)
  // Without an outcome and without bytes so far, it may be continued or restarted.
  const isKnown = next?.code === 'OK' || (next?.code === null && live !== null)
  if (cut === undefined || next === null || !isKnown) return null
  const came = resultOf(next, 'STREAM')
  const from = next.code === null ? (live?.continuedFrom ?? 0) : (came?.resumedFrom ?? 0)
  const total = next.code === null ? (live?.totalBytes ?? null) : (came?.bytes ?? null)
  const twice = came?.fetchedTwice ?? 0
  const died = cut.code === 'ABANDONED'
  const stopped = cut.code === 'INTERRUPTED'
  const headline = died
    ? 'Continued after an interruption.'
    : stopped
      ? 'Continued after it was stopped.'
      : 'Continued after the connection was lost.'
  const how = died
    ? 'Sheaf stopped during the download'
    : stopped
      ? 'The download was stopped'
      : 'The connection was lost'
  if (from > 0) {
    const rest = total === null ? 'rest' : `remaining ${sayBytes(Math.max(0, total - from))}`
    const fetched =
      when === 'now' && next.code === null
        ? `the ${rest} ${total === null ? 'is' : 'are'} being downloaded`
        : `only the ${rest} ${total === null ? 'was' : 'were'} downloaded`
    return {
      headline,
      text: `${how} with ${sayBytes(from)} on disk. The server ${when === 'now' ? 'still has' : 'still had'} the same version, so ${fetched}; nothing was downloaded twice.`
    }
  }
  if (twice > 0) {
    const restart = RESTARTS[came?.anewBecause ?? 'unknown']
    return {
      headline: restart.headline,
      text: `${how} with ${sayBytes(twice)} on disk. ${restart.because}`
    }
  }
  if (!died) return null
  if (next.code === null) {
    return {
      headline: 'Started again after an interruption.',
      text: `${how}; it is downloaded from the start.`
    }
  }
  return {
    headline: 'Started again after an interruption.',
    text: `${how} before anything was on disk, so it was downloaded from the start.`
  }
}

/** Rows of earlier versions contain no reason: none is given. */
const RESTARTS: Readonly<
  Record<RestartReason | 'unknown', { readonly headline: string; readonly because: string }>
> = {
  changed: {
    headline: 'Downloaded again: the file had changed.',
    because:
      'The server now has another version, so those bytes were discarded: two versions are never mixed.'
  },
  sent_whole: {
    headline: 'Downloaded again from the start.',
    because: 'The server cannot send part of a file: it sent all of it again.'
  },
  range_refused: {
    headline: 'Downloaded again from the start.',
    because: 'The server refused to send the rest, so all of it was downloaded again.'
  },
  unproven: {
    headline: 'Downloaded again from the start.',
    because:
      'The server did not prove that it still has the same version, so those bytes were discarded: two versions are never mixed.'
  },
  unknown: {
    headline: 'Downloaded again from the start.',
    because: 'Those bytes could not be continued, so all of it was downloaded again.'
  }
}

function onDisk(part: PartBytes): string {
  const share = shareKnown(part.bytes, part.totalBytes)
  return share === null
    ? `${sayBytes(part.bytes)} are`
    : `${bytesKnown(part.bytes, part.totalBytes)} (${share}) are`
}

function unremembered({ job, file }: SummaryInput): SummaryView {
  const done = isDone(job.state)
  return {
    headline: job.state === 'FAILED' && job.reason !== null ? sentenceOfReason(job.reason) : null,
    text: `${job.because === null ? '' : `${withStop(job.because)} `}Crash-safe downloads are off for this paper: Sheaf keeps no history of it after it is closed.${file === null ? '' : ` ${withStop(file.verdictBecause)}`}`,
    next: done ? nextOfFiled(file) : (job.hint ?? 'It is waiting in the queue.'),
    tone: done ? 'good' : job.state === 'FAILED' ? 'bad' : 'quiet'
  }
}
