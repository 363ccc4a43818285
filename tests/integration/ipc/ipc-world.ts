/**
 * A whole session as the window sees it: requests by name, results as data. The fake system dialogs record
 * their calls and return prepared values.
 */
import { join } from 'node:path'
import type { RequestName } from '../../../src/contract/request-names'
import type { Answer, InputOf, OutputOf } from '../../../src/contract/requests'
import { makeAnswer, type AnswerRequest } from '../../../src/main/ipc/answer'
import type { SystemDialogs } from '../../../src/main/ipc/system-dialogs'
import { makeHandlers } from '../../../src/main/ipc/handlers'
import { followRevisions, type HandlerDeps } from '../../../src/main/ipc/handler-deps'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { repositoryRoot } from '../../kit/shared'
import { openSessionWorld, type SessionWorld, type SessionWorldOptions } from '../../kit/session-world'
import type { Web } from '../../web/web'

export interface PreparedDialogs extends SystemDialogs {
  readonly asked: { readonly what: keyof SystemDialogs; readonly with: unknown }[]
  files: readonly string[]
  folder: string | null
  saveAt: string | null
}

export interface IpcWorld extends SessionWorld {
  readonly systemDialogs: PreparedDialogs
  readonly parts: HandlerDeps
  readonly answer: AnswerRequest
  /** The value; throws with the error's code first. */
  ask<N extends RequestName>(name: N, input: InputOf<N>): Promise<OutputOf<N>>
  /** The refusal's code and sentence; fails when the request succeeds. */
  refusal(name: RequestName, input: unknown): Promise<{ readonly code: string; readonly message: string }>
}

export function preparedDialogs(): PreparedDialogs {
  const asked: { what: keyof SystemDialogs; with: unknown }[] = []
  const note = (what: keyof SystemDialogs, of: unknown): void => {
    asked.push({ what, with: of })
  }
  const systemDialogs: PreparedDialogs = {
    asked,
    files: [],
    folder: null,
    saveAt: null,
    chooseFiles(ask) {
      note('chooseFiles', ask)
      return Promise.resolve(systemDialogs.files)
    },
    chooseFolder(ask) {
      note('chooseFolder', ask)
      return Promise.resolve(systemDialogs.folder)
    },
    chooseWhereToSave(ask) {
      note('chooseWhereToSave', ask)
      return Promise.resolve(systemDialogs.saveAt)
    },
    copyText: (text) => {
      note('copyText', text)
    },
    openInBrowser(url) {
      note('openInBrowser', url)
      return Promise.resolve()
    },
    openPath(path) {
      note('openPath', path)
      return Promise.resolve()
    },
    revealInFolder: (path) => {
      note('revealInFolder', path)
    },
    companionFolder: () => join(repositoryRoot, 'resources/companion')
  }
  return systemDialogs
}

export async function openIpcWorld(web: Web | null, options: SessionWorldOptions = {}): Promise<IpcWorld> {
  const world = await openSessionWorld(web, options)
  const systemDialogs = preparedDialogs()
  const log = makeLog(
    (line) => world.said.push(line),
    'debug',
    () => Date.now() / 1000
  )
  const partsNow = (): HandlerDeps => ({
    session: world.session,
    systemDialogs,
    host: { ...nodeHost(log), env: options.env ?? {} },
    recentLog: () => world.said,
    revision: followRevisions(world.session),
    signal: new AbortController().signal
  })
  let parts = partsNow()
  let answer = makeAnswer(makeHandlers(parts), log)
  return {
    ...world,
    systemDialogs,
    get session() {
      return world.session
    },
    get parts() {
      return parts
    },
    get answer() {
      return answer
    },
    // Handlers belong to one session, as in the app, where reopening means a restart.
    async reopen() {
      await world.reopen()
      parts = partsNow()
      answer = makeAnswer(makeHandlers(parts), log)
    },
    async ask<N extends RequestName>(name: N, input: InputOf<N>): Promise<OutputOf<N>> {
      const given = (await answer(name, input)) as Answer<OutputOf<N>>
      if (given.ok) return given.value
      throw new Error(`${given.error.code}: ${given.error.message}`)
    },
    async refusal(name, input) {
      const given = await answer(name, input)
      if (given.ok) throw new Error(`${name} was not refused: ${JSON.stringify(given.value).slice(0, 200)}`)
      return given.error
    }
  }
}
