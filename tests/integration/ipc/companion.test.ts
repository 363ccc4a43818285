/** The companion's port in the app: off by default, its token encrypted, received papers downloaded. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { companionClient } from '../../kit/companion-client'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'
import { openIpcWorld } from './ipc-world'

const sealer = {
  seal: (text: string) => Promise.resolve(Buffer.from(text).reverse().toString('base64')),
  open: (sealed: string) => Promise.resolve(Buffer.from(sealed, 'base64').reverse().toString())
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const textsUnder = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) =>
    entry.isFile() ? [readFileSync(join(entry.parentPath, entry.name), 'latin1')] : []
  )

test('it is off; turned on it has a token and downloads received papers; it can be turned off again', async () => {
  const { web } = await startWorld([{ key: 'alpha', copies: [{ via: 'openalex' }] }])
  onTestFinished(() => web.close())
  const world = await openIpcWorld(web, { sealer })
  await world.session.run.begun
  expect(await world.ask('companion.get', {})).toEqual({ port: null, trouble: null, token: null })
  const port = await freePort()
  await world.ask('settings.set', { key: 'companion.port', value: port })
  await world.ask('settings.set', { key: 'companion.enabled', value: true })
  const on = await world.ask('companion.get', {})
  expect(on).toMatchObject({ port, trouble: null })
  const token = on.token ?? ''
  expect(token).toMatch(/^[0-9a-f]{64}$/)

  const api = companionClient({ port, token })
  const sent = await api.ask('/v1/papers', { json: { papers: [{ identifiers: ['10.5555/alpha'] }] } })
  expect(sent.body).toMatchObject({ papers: [{ standing: 'planned' }] })
  await waitFor('the paper is done', async () => (await world.ask('jobs.counts', {})).done === 1)
  expect((await api.ask('/v1/papers?doi=10.5555/alpha')).body).toMatchObject({ paper: { standing: 'here' } })

  world.systemDialogs.saveAt = join(world.dataDir, 'diagnostics.json')
  await world.ask('app.exportDiagnostics', {})
  const renewed = await world.ask('companion.newToken', {})
  expect(renewed.token).not.toBe(token)
  expect((await api.ask('/v1/status')).status).toBe(401)
  const next = companionClient({ port, token: renewed.token ?? '' })
  expect((await next.ask('/v1/status')).status).toBe(200)

  await world.ask('settings.set', { key: 'companion.enabled', value: false })
  await expect(next.ask('/v1/status')).rejects.toThrow()
  await world.ask('settings.set', { key: 'companion.enabled', value: true })
  expect((await world.ask('companion.get', {})).token).toBe(renewed.token)
  await world.session.close()
  await expect(next.ask('/v1/status')).rejects.toThrow()
  // Encrypted in its own file, and in plain text nowhere.
  for (const text of textsUnder(world.dataDir))
    for (const one of [token, renewed.token ?? '']) expect(text.includes(one)).toBe(false)
  expect(statSync(join(world.dataDir, 'keys-companion.json')).mode & 0o077).toBe(0)
})

test('a port used by another program is reported; a new port takes effect at once', async () => {
  const other = createServer()
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void other.close())
  const world = await openIpcWorld(null, {})
  await world.session.run.begun
  const { port } = other.address() as AddressInfo
  await world.ask('settings.set', { key: 'companion.port', value: port })
  await world.ask('settings.set', { key: 'companion.enabled', value: true })
  expect(await world.ask('companion.get', {})).toMatchObject({ port: null, trouble: 'PORT_IN_USE' })
  const free = await freePort()
  await world.ask('settings.set', { key: 'companion.port', value: free })
  expect(await world.ask('companion.get', {})).toMatchObject({ port: free, trouble: null })
  await world.ask('companion.showFolder', {})
  expect(world.systemDialogs.asked.at(-1)).toEqual({
    what: 'openPath',
    with: join(world.dataDir, 'browser-companion')
  })
  expect(existsSync(join(world.dataDir, 'browser-companion/manifest.json'))).toBe(true)
})
