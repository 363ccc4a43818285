/** `sheaf zotero missing`: which items of a Zotero library have no file. */
import { counted } from '../../../contract/counted'
import { draftOfZotero, workIdOf } from '../../works/works'
import { EXIT, type ExitStatus } from '../exit-status'
import type { RequestOf } from '../invocation'
import { print, tell, type CommandContext } from '../command-context'
import { columns } from '../wording'
import { zoteroMissing } from '../zotero-library'

export async function zotero(context: CommandContext, request: RequestOf<'zotero'>): Promise<ExitStatus> {
  const items = await zoteroMissing(context.host.files, context.machine, request.ask)
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
