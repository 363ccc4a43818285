/**
 * The process that is killed: commits numbers from the ledger's last one up to a given one, some one by one
 * and some in groups, takes a snapshot now and then, and prints each number once it is durable.
 */
import { writeSync } from 'node:fs'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { makeLog } from '../../../src/main/platform/log'
import { nodeHost } from '../../../src/main/platform/node-host'
import { commitNumber, lastNumber } from '../../unit/ledger/counting'

const [folder = '', last = '0', closes = 'yes'] = process.argv.slice(2)
const log = makeLog(
  () => undefined,
  'error',
  () => 0
)
const ledger = await openLedger(nodeHost(log), { folder, snapshotAtBytes: 4000 })
writeSync(1, `opened ${JSON.stringify(ledger.recovery)}\n`)
let n = lastNumber(ledger)
while (n < Number(last)) {
  const together = n % 10 === 0 ? 5 : 1
  const waiting: Promise<void>[] = []
  for (let i = 0; i < together; i += 1) {
    n += 1
    const mine = n
    waiting.push(
      commitNumber(ledger, mine).durable.then(() => {
        writeSync(1, `durable ${String(mine)}\n`)
      })
    )
  }
  await Promise.all(waiting)
  if (n % 40 === 0) await ledger.snapshot()
}
if (closes === 'yes') await ledger.close()
writeSync(1, 'finished\n')
process.exit(0)
