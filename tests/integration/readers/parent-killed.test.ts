/** A reader process never outlives its parent, however the parent ended. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import readerPath from '../../../src/main/library/reader-child?child'
import { nodeHost } from '../../../src/main/platform/node-host'
import { makePdf } from '../../kit/make-pdf'
import ownerPath from '../../kit/reader-owner?child'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'
import { waitFor } from '../../kit/wait-for'

const { identity } = nodeHost(testHost().log)

// During its start the channel may close before the reader listens: it must check whether it is still open.
test.each(['starting', 'idle'])(
  'the parent is killed while its reader is %s: the reader exits',
  async (when) => {
    const file = join(tempFolder('owner'), 'a.pdf')
    writeFileSync(file, makePdf({ title: 'A', authors: ['B'], year: 2020 }))
    const owner = fork(ownerPath, [readerPath, when, file], { execArgv: [], stdio: 'ignore' })
    onTestFinished(() => void owner.kill('SIGKILL'))
    const [pid] = (await once(owner, 'message')) as [unknown]
    if (typeof pid !== 'number') throw new Error('the reader did not start')
    expect(identity.isAlive(pid, null)).toBe(true)
    owner.kill('SIGKILL')
    await waitFor('the reader is gone', () => !identity.isAlive(pid, null), 20_000)
  },
  120_000
)
