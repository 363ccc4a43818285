import { describe, expect, test } from 'vitest'
import { guardedLookup, hostRefusal } from '../../../src/main/net/addresses'

const refused = (url: string): boolean => hostRefusal(new URL(url).hostname) !== null

describe('hosts and literal addresses that requests may not use', () => {
  test.each([
    'http://127.0.0.1/',
    'http://127.255.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://017700000001/',
    'http://0177.0.0.1/',
    'http://１２７.0.0.1/',
    'http://127。0。0。1/',
    'http://0.0.0.0/',
    'http://0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/',
    'http://192.0.0.1/',
    'http://198.18.0.1/',
    'http://224.0.0.1/',
    'http://240.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[fe80::1]/',
    'http://[fc00::1]/',
    'http://[fd12:3456::1]/',
    'http://[ff02::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:10.0.0.1]/',
    'http://[::127.0.0.1]/',
    'http://[64:ff9b::10.0.0.1]/',
    'http://[::ffff:0:10.0.0.1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:db8::1]/',
    'http://[2001::1]/',
    'http://localhost/',
    'http://LOCALHOST./',
    'http://a.localhost:8080/'
  ])('%s is refused', (url) => {
    expect(refused(url)).toBe(true)
  })

  test.each([
    'https://example.org/',
    'https://8.8.8.8/',
    'https://172.32.0.1/',
    'https://100.128.0.1/',
    'https://[2606:4700::1111]/',
    'https://[::ffff:8.8.8.8]/',
    'https://[64:ff9b::8.8.8.8]/',
    'https://localhost.example.org/',
    'https://notlocalhost/'
  ])('%s is allowed', (url) => {
    expect(refused(url)).toBe(false)
  })
})

describe('addresses that a host name may resolve to', () => {
  const look = (addresses: string[], all: boolean): Promise<unknown> =>
    new Promise((resolve) => {
      const guarded = guardedLookup((_, __, callback) => {
        callback(
          null,
          addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
        )
      })
      guarded('name.example', { all }, (error, found) => {
        resolve(error ?? found)
      })
    })

  test('public ones are returned, in both forms that sockets ask for', async () => {
    expect(await look(['8.8.8.8', '2606:4700::1111'], true)).toEqual([
      { address: '8.8.8.8', family: 4 },
      { address: '2606:4700::1111', family: 6 }
    ])
    expect(await look(['8.8.8.8'], false)).toBe('8.8.8.8')
  })
  test('private ones among them are left out', async () => {
    expect(await look(['10.0.0.1', '8.8.8.8', 'fe80::1%eth0'], true)).toEqual([
      { address: '8.8.8.8', family: 4 }
    ])
  })
  test('a name that resolves to private addresses only is refused', async () => {
    expect(await look(['127.0.0.1', '::1'], true)).toMatchObject({ code: 'PRIVATE_ADDRESS' })
    expect(await look([], false)).toMatchObject({ code: 'PRIVATE_ADDRESS' })
  })
  test('an unknown name stays unknown', async () => {
    const guarded = guardedLookup((_, __, callback) => {
      callback(Object.assign(new Error('x'), { code: 'ENOTFOUND' }), [])
    })
    const found = await new Promise((resolve) => {
      guarded('name.example', {}, resolve)
    })
    expect(found).toMatchObject({ code: 'ENOTFOUND' })
  })
})
