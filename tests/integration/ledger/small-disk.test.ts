/** A disk that is really full: a small tmpfs, if this user may mount one. */
import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { commitNumber, lastNumber } from '../../unit/ledger/counting'

const folder = mkdtempSync(join(tmpdir(), 'sheaf-small-disk-'))
const mounted = mount()
function mount(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', folder], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
afterAll(() => {
  if (mounted) execFileSync('umount', ['-l', folder])
  rmSync(folder, { recursive: true, force: true })
})

const title = mounted ? 'a tmpfs of 600 kB' : 'a tmpfs of 600 kB (skipped: this user may not mount one)'
describe.skipIf(!mounted)(title, () => {
  test('when it is full the ledger pauses with the reason, and continues when space is freed', async () => {
    const host = nodeHost(
      makeLog(
        () => undefined,
        'error',
        () => 0
      )
    )
    const ballast = join(folder, 'ballast')
    writeFileSync(ballast, Buffer.alloc(300_000))
    const data = join(folder, 'data')
    const ledger = await openLedger(host, { folder: data })
    const troubles: (string | null)[] = []
    ledger.onTrouble(() => troubles.push(ledger.trouble()?.code ?? null))
    let n = 0
    let acknowledged = 0
    while (ledger.trouble() === null) {
      n += 1
      const number = n
      ledger.transact((writer) => {
        writer.run(
          'INSERT INTO attempt_rows (at, source, outcome, elapsed_ms, detail) VALUES (?, ?, ?, ?, ?)',
          [
            n,
            'manual',
            'success',
            0,
            // The packed form is as long.
            randomBytes(3000).toString('base64')
          ]
        )
      })
      void commitNumber(ledger, number).durable.then(() => {
        acknowledged = number
      })
      await new Promise((resolve) => setTimeout(resolve, 2))
      if (n > 500) throw new Error('the disk never became full')
    }
    expect(ledger.trouble()).toMatchObject({
      code: 'DISK_FULL',
      sentence: expect.stringMatching(/full/) as string
    })
    expect(acknowledged).toBeLessThan(n)
    expect(() => commitNumber(ledger, n + 1)).toThrow(/full/)

    rmSync(ballast)
    await ledger.flush()
    expect(ledger.trouble()).toBeNull()
    expect(acknowledged).toBe(n)
    expect(troubles).toEqual(['DISK_FULL', null])
    await commitNumber(ledger, n + 1).durable
    await ledger.close()
    const again = await openLedger(host, { folder: data })
    expect(again.recovery.damage).toBeNull()
    expect(lastNumber(again)).toBe(n + 1)
    await again.close()
  })
})
