/**
 * Every request with two thousand hostile arguments, against the real handlers on a real session. Nothing
 * rejects and nothing crashes. Every refusal has a code of the contract, repeats little of its input and
 * writes nothing. System dialogs only get validated values.
 */
import * as fc from 'fast-check'
import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import { ERRORS } from '../../../src/contract/errors'
import { REQUEST_NAMES, type RequestName } from '../../../src/contract/request-names'
import { REQUESTS, type Answer } from '../../../src/contract/requests'
import type { RunView } from '../../../src/contract/views'
import { check } from '../../../src/main/ipc/answer'
import { startWorld } from '../../web/scholarly'
import type { Web } from '../../web/web'
import { tempFolderForAll } from '../../kit/temp-folder'
import { waitFor } from '../../kit/wait-for'
import { hostileFor } from './hostile'
import { openIpcWorld, type IpcWorld } from './ipc-world'

const ARGUMENTS = 2_000
/** Valid requests that are expensive: they change the workspace, write and sync, or use the network. */
const MOST_ACCEPTED: Partial<Record<RequestName, number>> = {
  'app.sample': 0,
  'app.welcome': 40,
  'app.lookForLibrary': 10,
  'app.findLibrary': 10,
  'app.rebuildLibrary': 5,
  'app.remember': 100,
  'reader.remember': 100,
  'bibs.link': 20,
  'zotero.state': 20,
  'zotero.getMissing': 20,
  'zotero.showMissing': 20,
  'zotero.send': 20,
  'zotero.attach': 20,
  'settings.chooseZoteroFolder': 20,
  'insights.get': 60,
  'insights.rollout': 60,
  'insights.setRollout': 40,
  'jobs.attachBytes': 300,
  'imports.give': 20,
  'styles.give': 60,
  'styles.choose': 20,
  'imports.chooseFiles': 20,
  'imports.chooseFolder': 20,
  'library.export': 300,
  'library.copyCitation': 300,
  'plan.search': 20,
  'plan.read': 100,
  'keys.set': 60,
  'keys.remove': 60,
  'companion.newToken': 30,
  'companion.showFolder': 10,
  'settings.set': 60,
  'settings.reset': 60,
  'settings.chooseLibrary': 60,
  'settings.testConnection': 10,
  'reconcile.start': 10,
  'run.start': 10,
  'run.pause': 10
}
/** After this many valid arguments of one request, the ledger is no longer compared after each. */
const MOST_COMPARED = 40
/** Valid arguments may change these; a refusal may not. */
const CHANGES: readonly RequestName[] = REQUEST_NAMES.filter((name) =>
  /^(app\.(welcome|remember|sample|lookForLibrary|findLibrary|rebuildLibrary)|keys\.(set|remove)|companion\.(newToken|showFolder)|run\.(start|pause)|plan\.commit|jobs\.(retry|pause|resume|cancel|ignore|unignore|remove|undoRemove|attach|attachBytes)|library\.(remove|undoRemove|keepThumbnail)|reader\.remember|reconcile\.(start|cancel|dismiss)|imports\.|bibs\.link|styles\.|quarantine\.|settings\.(set|reset))/.test(
    name
  )
)

let web: Web
let world: IpcWorld
let close: () => Promise<void> = () => Promise.resolve()
const counted = { asked: 0, refused: 0 }

beforeAll(async () => {
  const started = await startWorld([
    { key: 'alpha', copies: [{ via: 'unpaywall' }] },
    { key: 'beta', copies: [] }
  ])
  web = started.web
  const opened = await openIpcWorldForAll(web)
  world = opened.world
  close = opened.close
})
afterAll(async () => {
  await close()
  await web.close()
})

/**
 * All state that a refusal must not change. A run or an import started by a valid argument has ended before
 * the state is taken, so its effects do not count.
 */
async function fingerprint(): Promise<string> {
  const { sheaf } = world.session
  await waitFor('no run is active', () => isStill(world.session.run.view(), sheaf.dueAt()), 60_000)
  const imports = (): ReturnType<typeof world.ask<'imports.list'>> =>
    world.ask('imports.list', { fate: 'unsure', offset: 0, limit: 1 })
  await waitFor('no file is being imported', async () => !(await imports()).working, 60_000)
  return JSON.stringify([
    sheaf.jobs({}).map((row) => [row['job_id'], row['state'], row['hold'], row['reason'], row['attempt']]),
    [...sheaf.library()].map((entry) => entry.artifact.sha256),
    world.session.view().remembered,
    world.session.settings.loaded().settings,
    await namesUnder(world.libraryDir),
    (await namesUnder(world.dataDir)).filter((name) => !/journal|ledger|lock|log|search|text/.test(name)),
    await readFile(join(world.dataDir, 'settings.json'), 'utf8')
  ])
}

/** No job is active, and none is about to start. */
function isStill({ phase, counts }: RunView, dueAt: number | null): boolean {
  if (phase === 'running' || counts.active > 0) return false
  return phase !== 'idle' || dueAt === null || dueAt > Date.now() / 1_000
}

async function namesUnder(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => [])
  return entries.sort()
}

async function ask(name: unknown, argument: unknown): Promise<Answer<unknown>> {
  counted.asked += 1
  const answer = await world.answer(name, argument)
  if (answer.ok) return answer
  counted.refused += 1
  expect(Object.keys(ERRORS)).toContain(answer.error.code)
  expect(answer.error.message.length).toBeLessThan(2_000)
  expect(answer.error.message).not.toMatch(/\bat .+:\d+:\d+/)
  return answer
}

describe('hostile arguments', () => {
  test.each(REQUEST_NAMES)('%s', { timeout: 300_000 }, async (name) => {
    const { input } = REQUESTS[name]
    const numRuns = name in MOST_ACCEPTED ? ARGUMENTS * 3 : ARGUMENTS
    const all = fc.sample(hostileFor(input), { numRuns, seed: 20_260_503 })
    const refused = all.filter((argument) => !check(name, argument).ok)
    const accepted = all
      .filter((argument) => check(name, argument).ok)
      .slice(0, MOST_ACCEPTED[name] ?? ARGUMENTS)
    expect(refused.length + accepted.length).toBeGreaterThanOrEqual(ARGUMENTS)

    const before = await fingerprint()
    for (const argument of refused) {
      const answer = await ask(name, argument)
      expect(answer).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
      if (!answer.ok) expect(answer.error.message.length).toBeLessThanOrEqual(300)
    }
    expect(await fingerprint()).toBe(before)

    const changes = CHANGES.includes(name)
    for (const [index, argument] of accepted.entries()) {
      const was = changes && index < MOST_COMPARED ? await fingerprint() : null
      const answer = await ask(name, argument)
      // An internal error would be a finding, whatever the argument was.
      if (!answer.ok) expect([name, answer.error.code]).not.toEqual([name, 'INTERNAL'])
      if (!answer.ok && was !== null) expect(await fingerprint()).toBe(was)
    }
    if (!changes) expect(await fingerprint()).toBe(before)
  })

  test('unknown request names', async () => {
    const before = await fingerprint()
    const names = fc.sample(
      fc.oneof(
        fc.string(),
        fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'app', 'app.', 'APP.STATE'),
        fc.anything()
      ),
      { numRuns: ARGUMENTS, seed: 7 }
    )
    for (const name of names) {
      expect(await ask(name, {})).toMatchObject({ ok: false, error: { code: 'BAD_REQUEST' } })
    }
    expect(await fingerprint()).toBe(before)
  })

  test('left no unvalidated dialog call, no prototype pollution, and a session that works', async () => {
    for (const { what, with: of } of world.systemDialogs.asked) {
      if (what === 'openInBrowser') {
        const url = new URL(String(of))
        expect(['http:', 'https:']).toContain(url.protocol)
        expect(url.username + url.password).toBe('')
      }
      if (what === 'openPath')
        expect([world.dataDir, world.libraryDir, join(world.dataDir, 'browser-companion')]).toContain(of)
      if (what === 'revealInFolder') expect(String(of).startsWith(world.libraryDir)).toBe(true)
    }
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    expect(await ask('app.state', {})).toMatchObject({ ok: true })
    expect(await world.ask('jobs.counts', {})).toMatchObject({ all: 2 })
    expect(await namesUnder(join(world.dataDir, 'tmp'))).toEqual([])
    expect(world.said.filter((line) => line.sentence.startsWith('A request met an unexpected'))).toEqual([])
    console.log(
      `ipc fuzz: ${String(counted.asked)} arguments for ${String(REQUEST_NAMES.length)} requests, ${String(counted.refused)} refused`
    )
    expect(counted.asked).toBeGreaterThanOrEqual(REQUEST_NAMES.length * ARGUMENTS)
  })
})

/** One session for all requests, so that the effects of one are met by the next. */
async function openIpcWorldForAll(
  on: Web
): Promise<{ readonly world: IpcWorld; readonly close: () => Promise<void> }> {
  const folder = tempFolderForAll('ipc-fuzz')
  const opened = await openIpcWorld(on, {
    isForAll: true,
    folder: folder.path,
    // Do not use the Zotero of the machine that runs this.
    settings: { 'zotero.url': 'http://127.0.0.1:9', 'zotero.dataFolder': folder.path }
  })
  await opened.session.run.pause()
  await opened.plan(['10.5555/alpha', '10.5555/beta'])
  return {
    world: opened,
    close: () =>
      opened.session.close().then(() => {
        folder.remove()
      })
  }
}
