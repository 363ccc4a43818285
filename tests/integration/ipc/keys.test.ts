/** API keys in the app: encrypted by the system, never returned, in no file and no log in plain text. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld } from './ipc-world'

const PLANTED = 'planted-Key-31415926'
const sealer = {
  seal: (text: string) => Promise.resolve(Buffer.from(text).reverse().toString('base64')),
  open: (sealed: string) => Promise.resolve(Buffer.from(sealed, 'base64').reverse().toString())
}

function textsUnder(folder: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    return entry.isDirectory() ? textsUnder(path) : [readFileSync(path, 'latin1')]
  })
}

test('a key is set, used and removed, and is written nowhere in plain text', async () => {
  const { web } = await startWorld([{ key: 'alpha', copies: [{ via: 'openalex' }] }])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web, { sealer })
  const set = await world.ask('keys.set', { service: 'openalex', value: PLANTED })
  expect(set).toMatchObject({ isVault: true })
  expect(set.entries.find(({ service }) => service === 'openalex')).toMatchObject({
    from: 'sealed',
    isUsable: true
  })

  await world.plan(['10.5555/alpha'])
  await waitFor('the paper is done', async () => (await world.ask('jobs.counts', {})).done === 1)
  // The service receives it in a header.
  const asked = web.requests.find(({ url }) => url.includes('api.openalex.org'))
  expect(asked?.headers['authorization']).toBe(`Bearer ${PLANTED}`)

  world.systemDialogs.saveAt = join(world.dataDir, 'diagnostics.json')
  await world.ask('app.exportDiagnostics', {})
  const shown = JSON.stringify([
    await world.ask('keys.list', {}),
    await world.ask('settings.list', {}),
    await world.ask('app.state', {}),
    world.said,
    world.events
  ])
  await world.session.close()
  for (const text of [shown, ...textsUnder(world.dataDir), ...textsUnder(world.libraryDir)])
    expect(text.includes(PLANTED)).toBe(false)
  expect(statSync(join(world.dataDir, 'keys.json')).mode & 0o077).toBe(0)

  await world.reopen()
  const removed = await world.ask('keys.remove', { service: 'openalex' })
  expect(removed.entries.find(({ service }) => service === 'openalex')).toMatchObject({ from: null })
  expect(await world.refusal('keys.set', { service: 'openalex', value: 'two words' })).toMatchObject({
    code: 'BAD_SETTING'
  })
})
