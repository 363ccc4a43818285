/** The test kit itself: what it reports about the built command line, folders and ledgers is correct. */
import { existsSync, statSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { openLedgerFile } from '../../kit/ledger-file'
import { linesOf, runCli } from '../../kit/run-cli'
import { tempFolder } from '../../kit/temp-folder'
import { waitFor } from '../../kit/wait-for'
import { startWorld } from '../../web/scholarly'

describe('waitFor', () => {
  it('returns the value, or names what did not happen', async () => {
    let asked = 0
    expect(await waitFor('three questions', () => (++asked >= 3 ? asked : null))).toBe(3)
    await expect(waitFor('the impossible', () => false, 20)).rejects.toThrow('the impossible')
  })
})

describe('the built command line', () => {
  it(
    'runs to its end, prints JSON lines, and leaves a ledger that SQLite opens',
    { timeout: 180_000 },
    async () => {
      const { web, world } = await startWorld([{ key: 'one', copies: [{ via: 'unpaywall' }] }])
      const folder = tempFolder('kit')
      const args = [
        'run',
        '--doi',
        '10.5555/one',
        '--json',
        '--enable-idempotency',
        '--mailto',
        'reader@example.org'
      ]
      const places = ['--out', `${folder}/library`, '--data-dir', `${folder}/data`, ...web.connectToArguments]
      const end = await runCli([...args, ...places])
      await web.close()
      expect(end.status, end.stderr).toBe(0)
      const [done] = linesOf(end, 'done')
      expect(done).toMatchObject({ state: 'DEDUPED' })
      expect(world.hashes('one').has(done!.sha256!)).toBe(true)
      expect(statSync(done!.path!).size).toBe(world.pdf('one').length)
      const ledger = await openLedgerFile(`${folder}/data`)
      expect(ledger.value('SELECT state FROM artifact_jobs')).toBe('DEDUPED')
      ledger.close()
    }
  )

  it('can be killed at a line, and reports it', { timeout: 180_000 }, async () => {
    const { web, world } = await startWorld([{ key: 'two', bytes: 400_000, copies: [{ via: 'unpaywall' }] }])
    const hold = web.hold(world.fileUrl('two'), 100_000)
    const folder = tempFolder('kit')
    const args = [
      'run',
      '--doi',
      '10.5555/two',
      '--json',
      '--enable-idempotency',
      '--mailto',
      'reader@example.org'
    ]
    const places = ['--out', `${folder}/library`, '--data-dir', `${folder}/data`, ...web.connectToArguments]
    const killed = runCli([...args, ...places], {
      onStart: (child) => {
        void hold.reached.then(() => child.kill('SIGKILL'))
      }
    })
    expect(await killed).toMatchObject({ status: null, signal: 'SIGKILL' })
    hold.release()
    expect(existsSync(`${folder}/library/.sheaf/staging`)).toBe(true)
    const again = await runCli([
      'run',
      '--json',
      '--enable-idempotency',
      '--mailto',
      'reader@example.org',
      ...places
    ])
    await web.close()
    expect(again.status, again.stderr).toBe(0)
    expect(linesOf(again, 'done')[0]).toMatchObject({ state: 'DEDUPED' })
  })
})
