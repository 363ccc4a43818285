/** The names of system errors, including those that libuv does not know. */
import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { systemCode } from '../../../src/main/platform/files'

const numbered = (errno: number): Error =>
  Object.assign(new Error(`Unknown system error -${String(errno)}`), {
    errno: -errno,
    code: `Unknown system error -${String(errno)}`
  })

test.each<[unknown, string | null]>([
  [Object.assign(new Error('x'), { code: 'ENOSPC' }), 'ENOSPC'],
  [numbered(constants.errno.EDQUOT), 'EDQUOT'],
  [numbered(constants.errno.ESTALE), 'ESTALE'],
  [numbered(99_999), 'Unknown system error -99999'],
  [Object.assign(new Error('x'), { code: 7 }), null],
  [new Error('x'), null],
  ['ENOSPC', null],
  [null, null]
])('%s is %s', (error, code) => {
  expect(systemCode(error)).toBe(code)
})
