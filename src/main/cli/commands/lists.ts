/** `sheaf lists`: the named lists, one line each. */
import { counted } from '../../../contract/counted'
import { EXIT, type ExitStatus } from '../exit-status'
import { print, tell, withReader, type Stage } from '../stage'
import { columns, instantInWords } from '../wording'

export function lists(stage: Stage): Promise<ExitStatus> {
  return withReader(stage, (sheaf) => {
    const all = sheaf.lists()
    for (const list of all) {
      stage.lines?.write({
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
    if (all.length === 0) tell(stage, 'No lists yet. sheaf plan --list NAME makes one.')
    else {
      print(
        stage,
        columns(all.map((list) => [list.name, counted(list.works, 'paper'), instantInWords(list.updatedAt)]))
      )
    }
    return Promise.resolve(EXIT.done)
  })
}
