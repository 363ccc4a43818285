/** API keys: readable by their owner only, sent in headers, and stored nowhere else. */
import { mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { openKeys } from '../../../src/main/settings/keys'
import { startWorld } from '../../web/scholarly'
import { openWorld } from '../../kit/sheaf-world'

const PLANTED = { openalex: 'planted-OA-4711-key', semantic_scholar: 'planted-S2-0815-key' } as const

async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'sheaf-keys-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

test('are stored in a file that only its owner may read; the environment takes precedence', async () => {
  const dataDir = await folder()
  const keys = await openKeys({ files: nodeFiles, env: {}, dataDir })
  await keys.set('openalex', `  ${PLANTED.openalex}\n`)
  expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600)
  const again = await openKeys({ files: nodeFiles, env: { S2_API_KEY: PLANTED.semantic_scholar }, dataDir })
  expect([again.get('openalex'), again.get('semantic_scholar'), again.get('core')]).toEqual([
    PLANTED.openalex,
    PLANTED.semantic_scholar,
    null
  ])
  expect(JSON.stringify(again.list())).not.toContain('planted')
  await expect(again.set('core', 'two words')).rejects.toMatchObject({ code: 'BAD_SETTING' })
  expect(await again.remove('openalex')).toBe(true)
  expect(again.get('openalex')).toBeNull()
})

test('a value encrypted by the keychain can be decrypted only there', async () => {
  const dataDir = await folder()
  const vault = {
    seal: (text: string) => Promise.resolve(Buffer.from(text).toString('hex')),
    open: (sealed: string) => Promise.resolve(Buffer.from(sealed, 'hex').toString('utf8'))
  }
  const sealer = () => Promise.resolve(vault)
  await (await openKeys({ files: nodeFiles, env: {}, dataDir, sealer })).set('core', 'planted-core-1')
  expect(await readFile(join(dataDir, 'keys.json'), 'utf8')).not.toContain('planted')
  expect((await openKeys({ files: nodeFiles, env: {}, dataDir, sealer })).get('core')).toBe('planted-core-1')
  const elsewhere = await openKeys({ files: nodeFiles, env: {}, dataDir })
  expect(elsewhere.get('core')).toBeNull()
  expect(elsewhere.list().find((one) => one.service === 'core')).toMatchObject({
    from: 'sealed',
    isUsable: false
  })
})

test('are sent to the service in a header; no file, line or log contains them', async () => {
  const { web } = await startWorld([{ key: 'k1', copies: [{ via: 'openalex' }] }, { key: 'k2' }])
  onTestFinished(() => web.close())
  const sheaf = await openWorld(web, {
    keys: (name) => (name === 'openalex' || name === 'semantic_scholar' ? PLANTED[name] : null)
  })
  await sheaf.run(['10.5555/k1', '10.5555/k2'])
  const toOpenAlex = web.requests.filter((one) => one.url.includes('api.openalex.org'))
  expect(toOpenAlex.length).toBeGreaterThan(0)
  expect(toOpenAlex.every((one) => one.headers['authorization'] === `Bearer ${PLANTED.openalex}`)).toBe(true)
  const others = web.requests.filter((one) => !/openalex|semanticscholar/.test(one.url))
  expect(JSON.stringify(others)).not.toContain('planted')
  const all = [JSON.stringify(sheaf.lines), JSON.stringify(sheaf.said)]
  for (const top of [sheaf.dataDir, sheaf.libraryDir]) {
    for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) all.push((await readFile(join(entry.parentPath, entry.name))).toString('latin1'))
    }
  }
  expect(all.length).toBeGreaterThan(3)
  expect(all.filter((text) => text.includes('planted'))).toEqual([])
}, 60_000)
