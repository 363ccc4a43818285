/**
 * `sheaf sources [list|open|close]`: every contacted host with its state, and two user operations: close a
 * host for a day, or open it at once although a spent budget, a bot check, a rest or a breaker keeps it
 * closed.
 */
import { fail } from '../../../contract/errors'
import { counted } from '../../../contract/counted'
import type { HostStanding } from '../../../contract/insights-views'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withSheaf, type CommandContext } from '../command-context'
import { bytesInWords, columns, instantInWords } from '../wording'

export function sources(context: CommandContext, { action }: RequestOf<'sources'>): Promise<ExitStatus> {
  return withSheaf(context, async ({ sheaf }) => {
    if (action.kind === 'list') {
      const hosts = busiestFirst(sheaf.hosts())
      for (const one of hosts) context.lines?.write(sourceLine(one))
      print(context, hosts.length === 0 ? 'No host was contacted yet.' : columns(hostRows(hosts), [1, 2]))
      return EXIT.done
    }
    const host = hostIn(action.host)
    await sheaf.setHostOpen(host, action.kind === 'open')
    const standing = sheaf.hosts().find((one) => one.host === host)
    if (standing !== undefined) {
      context.lines?.write(sourceLine(standing))
      print(context, columns(hostRows([standing]), [1, 2]))
    } else tell(context, `${host} was never contacted; what you said holds from now on.`)
    return EXIT.done
  })
}

/** A host name, with its port if it is not the default. Throws BAD_OPTION for anything else. */
function hostIn(text: string): string {
  const url = URL.canParse(`https://${text}/`) ? new URL(`https://${text}/`) : null
  if (url === null || url.pathname !== '/' || url.username !== '' || url.search !== '')
    return fail('BAD_OPTION', `“${text}” is no host; it must be a name such as api.openalex.org.`)
  return url.host
}

export function busiestFirst(hosts: readonly HostStanding[]): HostStanding[] {
  return [...hosts].sort((a, b) => b.use.asked - a.use.asked)
}

/** One contacted host: `source {…}`. Times are epoch seconds. */
export function sourceLine({
  host,
  service,
  use,
  limits
}: HostStanding): { type: 'source' } & Record<string, unknown> {
  return {
    type: 'source',
    host,
    service,
    asked: use.asked,
    answered: use.answered,
    refused: use.refused,
    failed: use.failed,
    bytes: use.bytes,
    purposes: { look_ups: use.purposes.api, pages: use.purposes.landing, files: use.purposes.file },
    latency_ms: use.latencyMs,
    last_refusal: use.lastRefusal,
    per_second: limits.perSecond,
    waiting: limits.waiting,
    rest_until: limits.restUntil,
    breaker_until: limits.breakerUntil,
    closed: limits.closed,
    budget: limits.budget,
    day_used: limits.dayUsed,
    day_cap: limits.dayCap,
    cap_at: limits.capAt
  }
}

/** Host, requests, bytes, and why it is closed. */
export function hostRows(hosts: readonly HostStanding[]): string[][] {
  return hosts.map((one) => [
    `  ${one.host}`,
    counted(one.use.asked, 'request'),
    bytesInWords(one.use.bytes),
    stateInWords(one)
  ])
}

function stateInWords({ limits }: HostStanding): string {
  const { closed, breakerUntil, restUntil } = limits
  if (closed !== null) {
    const until = instantInWords(closed.until)
    switch (closed.because) {
      case 'budget':
        return `budget of the day spent: no lists and searches until ${until}`
      case 'challenge':
        return `bot check: not asked until ${until}`
      case 'user':
        return `closed by you until ${until}`
    }
  }
  if (breakerUntil !== null) return `in trouble: not asked until ${instantInWords(breakerUntil)}`
  return restUntil === null ? '' : `rests until ${instantInWords(restUntil)}`
}
