/** `sheaf zotero`: items without a file, papers sent as items, files for existing items. */
import { counted } from '../../../contract/counted'
import { type ErrorCode, ERRORS } from '../../../contract/errors'
import { ZOTERO_ORIGIN } from '../../net/zotero/zotero-client'
import type { ZoteroOutcome } from '../../sheaf-api'
import { databaseOrNothing, zoteroMissing } from '../../sheaf-zotero'
import { draftOfZotero, workIdOf } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, withSheaf, type CommandContext } from '../command-context'
import { readReported } from '../read-selected'
import { columns } from '../wording'

type ZoteroRequest = RequestOf<'zotero'>

export function zotero(context: CommandContext, request: ZoteroRequest): Promise<ExitStatus> {
  return request.action === 'missing' ? missing(context, request) : handOver(context, request)
}

async function missing(
  context: CommandContext,
  { ask }: Extract<ZoteroRequest, { action: 'missing' }>
): Promise<ExitStatus> {
  const items = await zoteroMissing(context.host, context.machine, { ask, signal: context.signal })
  const rows: string[][] = []
  let named = 0
  for (const [at, item] of items.entries()) {
    const draft = draftOfZotero(item, at + 1)
    const workId = draft === null ? null : workIdOf(draft.ids, draft.namedBy)
    if (workId !== null) named += 1
    const title = item.fields['title'] ?? null
    context.lines?.write({ type: 'zotero', item_key: item.key, work_id: workId, action: 'missing', title })
    rows.push([item.key, workId ?? 'no identifier', title ?? ''])
  }
  if (rows.length > 0) print(context, columns(rows))
  context.lines?.write({ type: 'summary', missing: items.length, named })
  tell(
    context,
    `${counted(items.length, 'item')} without a file, ${String(named)} of them with an identifier; sheaf plan --from-zotero plans these.`
  )
  return EXIT.done
}

/** In the order of the summary. */
const WORDS: Readonly<Record<ZoteroOutcome['action'], string>> = {
  sent: 'sent',
  attached: 'file attached',
  existing: 'there already',
  removed: 'removed in Zotero by you, not sent again (--again sends it)',
  unknown: 'not known whether it arrived',
  failed: 'failed',
  would_send: 'would be sent',
  would_attach: 'would get its file',
  not_here: 'not in the library, nothing to send'
}
const FAILED: readonly ZoteroOutcome['action'][] = ['unknown', 'failed', 'not_here']

async function handOver(
  context: CommandContext,
  request: Extract<ZoteroRequest, { action: 'send' | 'attach' }>
): Promise<ExitStatus> {
  const isNamed = request.selectors.given.length > 0
  const { drafts, problems } = await readReported(context, request.selectors)
  const outcomes: ZoteroOutcome[] = []
  await withSheaf(context, ({ sheaf }) =>
    sheaf.handOver(
      {
        action: request.action,
        origin: request.ask.url ?? ZOTERO_ORIGIN,
        drafts: isNamed ? drafts : null,
        works: null,
        list: request.list
      },
      {
        signal: context.signal,
        readDatabase: () => databaseOrNothing(context.host.files, context.machine, request.ask.dataDir),
        dryRun: request.dryRun,
        again: request.again,
        collection: request.ask.collection,
        tell: (outcome) => {
          outcomes.push(outcome)
          tellOutcome(context, outcome)
        },
        notice: (what) => {
          context.screen.say(NOTICES[what])
        }
      }
    )
  )
  summary(context, outcomes)
  const isWhole = problems.every((problem) => problem.planned)
  return isWhole && !outcomes.some(({ action }) => FAILED.includes(action)) ? EXIT.done : EXIT.someFailed
}

const NOTICES = {
  confirm: 'Zotero asks whether Sheaf may write: confirm it in its window.',
  'one-time':
    'Zotero allowed one change only and will ask again for each; choose to remember the permission to be asked once.',
  blind:
    'Zotero’s local API is off and its database was not found, so only what Sheaf sent itself is known. To be sure that nothing doubles: in Zotero, Settings › Advanced, allow other applications to communicate with Zotero, or name its folder with --zotero-data.'
} as const

function tellOutcome(context: CommandContext, outcome: ZoteroOutcome): void {
  const { workId, itemKey, action, hasFile, reason, because } = outcome
  context.lines?.write({
    type: 'zotero',
    item_key: itemKey,
    work_id: workId,
    action,
    has_file: hasFile,
    ...(reason === undefined ? {} : { reason }),
    ...(because === undefined ? {} : { because })
  })
  const hint = reason === undefined ? '' : ` ${ERRORS[reason satisfies ErrorCode].hint}`
  const why = because === undefined ? '' : `: ${because}${hint}`
  print(context, [itemKey ?? '–', workId, `${WORDS[action]}${why}`].join('  '))
}

function summary(context: CommandContext, outcomes: readonly ZoteroOutcome[]): void {
  const counts = Object.fromEntries(
    Object.keys(WORDS).map((action) => [action, outcomes.filter((one) => one.action === action).length])
  )
  const fileless = outcomes.filter((one) => one.action === 'existing' && one.hasFile === false).length
  context.lines?.write({ type: 'summary', ...counts, existing_without_file: fileless })
  const said = Object.entries(counts).flatMap(([action, count]) =>
    count === 0 ? [] : [`${String(count)} ${action.replaceAll('_', ' ')}`]
  )
  const hint =
    fileless === 0
      ? ''
      : ` ${counted(fileless, 'item')} there already ${fileless === 1 ? 'has' : 'have'} no file: sheaf zotero attach gives it (Zotero 10).`
  tell(context, `${said.length === 0 ? 'No paper was handed over' : said.join(', ')}.${hint}`)
}
