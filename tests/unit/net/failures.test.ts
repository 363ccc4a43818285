import { describe, expect, test } from 'vitest'
import { failureFrom } from '../../../src/main/net/failures'

const ASKED = { host: 'a.example', url: 'https://a.example/paper.pdf' }
const systemError = (code: string, syscall: string): Error =>
  Object.assign(new Error(`${syscall} ${code}`), { code, errno: -107, syscall })

describe('an error without a response', () => {
  test.each([
    systemError('ENOTCONN', 'shutdown'),
    systemError('EINVAL', 'setsockopt'),
    systemError('ENOBUFS', 'write'),
    new Error('outer', { cause: systemError('ECANCELED', 'write') }),
    Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_EOF_STATE' })
  ])('%s is a broken connection', (error) => {
    expect(failureFrom(error, ASKED).code).toBe('CONNECTION_RESET')
  })
  test.each([
    Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_CONSTANT' }),
    Object.assign(new Error('odd'), { code: 'ERR_SOMETHING' }),
    new Error('odd')
  ])('%s is an unreadable response', (error) => {
    expect(failureFrom(error, ASKED).code).toBe('BAD_ANSWER')
  })
})
