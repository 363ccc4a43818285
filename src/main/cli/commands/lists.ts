/** `sheaf lists`: the named lists, one line each. */
import { counted } from '../../../contract/counted'
import { EXIT, type ExitStatus } from '../exit-status'
import { print, tell, withReader, type CommandContext } from '../command-context'
import { columns, instantInWords } from '../wording'

export function lists(context: CommandContext): Promise<ExitStatus> {
  return withReader(context, (sheaf) => {
    const all = sheaf.lists()
    for (const list of all) {
      context.lines?.write({
        type: 'list',
        name: list.name,
        works: list.works,
        records: list.records,
        duplicates: list.records - list.refused - list.works,
        refused: list.refused,
        created_at: list.createdAt,
        updated_at: list.updatedAt
      })
    }
    if (all.length === 0) tell(context, 'No lists yet. sheaf plan --list NAME makes one.')
    else {
      print(
        context,
        columns(all.map((list) => [list.name, counted(list.works, 'paper'), instantInWords(list.updatedAt)]))
      )
    }
    return Promise.resolve(EXIT.done)
  })
}
