/** Whose certificates count: a server whose authority only a file, or only the system, knows. */
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { rootCertificates } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ERRORS } from '../../../src/contract/errors'
import type { Settings } from '../../../src/contract/settings'
import { certificatesIn, makeTrust } from '../../../src/main/net/trust'
import { tempFolder } from '../../kit/temp-folder'
import { ask, errorOf, netTo, serve, testHost, type Loopback } from './server'

const FOLDER = join(import.meta.dirname, '../../fixtures/net/tls')
const pem = (name: string): string => readFileSync(join(FOLDER, name), 'utf8')
const CA_FILE = join(FOLDER, 'ca.pem')

const inspected = (): Promise<Loopback> =>
  serve((_, response) => response.end('paper'), { key: pem('server.key.pem'), cert: pem('server.cert.pem') })

/** Straight to the server: nothing between it and the check of its name. */
const straight = (changes: Partial<Settings>, host = testHost()) =>
  netTo(null, { 'network.allowPrivateHosts': true, ...changes }, null, host)

describe('a server whose authority is not known', () => {
  test('is refused, and the error names the setting', async () => {
    const site = await inspected()
    const error = await errorOf(straight({}).text(ask(site.origin)))
    expect(error).toMatchObject({ code: 'TLS_FAILED' })
    expect(ERRORS.TLS_FAILED.hint).toContain('network.caFile')
    expect(site.seen).toEqual([])
  })

  test('is asked when the file of network.caFile has its authority, in PEM or DER', async () => {
    const site = await inspected()
    const folder = tempFolder()
    const der = join(folder, 'authority.cer')
    await writeFile(der, new X509Certificate(pem('ca.pem')).raw)
    const several = join(folder, 'several.pem')
    const [other = ''] = rootCertificates
    await writeFile(
      several,
      `# the university's\r\n${other}\r\n\r\n${pem('ca.pem').replaceAll('\n', '\r\n')}`
    )
    for (const caFile of [CA_FILE, der, several]) {
      const reached = await straight({ 'network.caFile': caFile }).text(ask(site.origin))
      expect(reached, caFile).toMatchObject({ status: 200, text: 'paper' })
    }
  })

  test('has to be the one that was asked for all the same', async () => {
    const site = await inspected()
    const byOtherName = netTo(null, {
      'network.caFile': CA_FILE,
      'network.connectTo': [{ from: '*', to: site.origin.replace('127.0.0.1', '127.0.0.2') }]
    })
    expect(await errorOf(byOtherName.open(ask('https://a.example/')))).toMatchObject({
      code: expect.stringMatching(/TLS_FAILED|CONNECTION_REFUSED/) as unknown
    })
    const elsewhere = netTo(site, { 'network.caFile': CA_FILE })
    expect(await elsewhere.text(ask('https://a.example/'))).toMatchObject({ status: 200 })
  })

  test('is asked through a proxy, too', async () => {
    const site = await inspected()
    const through: string[] = []
    const proxy = http.createServer()
    proxy.on('connect', (request, socket, head) => {
      through.push(request.url ?? '')
      const target = net.connect(site.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        target.write(head)
        target.pipe(socket).pipe(target)
      })
      for (const end of [socket, target]) end.on('error', () => undefined)
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void proxy.close())
    const address = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`
    const refused = straight({ 'network.proxy': address })
    expect(await errorOf(refused.open(ask(site.origin)))).toMatchObject({ code: 'TLS_FAILED' })
    const trusting = straight({ 'network.proxy': address, 'network.caFile': CA_FILE })
    expect(await trusting.text(ask(site.origin))).toMatchObject({ status: 200 })
    // The same, where the system (its PAC script) names the proxy.
    const named = straight(
      { 'network.proxy': 'system', 'network.caFile': CA_FILE },
      testHost({ systemProxy: () => Promise.resolve(`PROXY ${new URL(address).host}; DIRECT`) })
    )
    expect(await named.text(ask(site.origin))).toMatchObject({ status: 200 })
    expect(through).toHaveLength(3)
  })

  test('is asked when the system has its authority, unless that is turned off', async () => {
    const site = await inspected()
    const host = testHost({ env: { SSL_CERT_FILE: CA_FILE } })
    const system = { list: () => null }
    expect(await makeTrust(host, ON, system).context()).not.toBeNull()
    expect(await makeTrust(host, { ...ON, 'network.systemCertificates': false }, system).context()).toBeNull()
    if (process.versions.node.startsWith('20.'))
      expect(await straight({}, host).text(ask(site.origin))).toMatchObject({ status: 200 })
    const off = straight({ 'network.systemCertificates': false }, host)
    expect(await errorOf(off.open(ask(site.origin)))).toMatchObject({ code: 'TLS_FAILED' })
  })
})

const ON = { 'network.caFile': '', 'network.systemCertificates': true } as const

describe('a file that cannot be used', () => {
  test.each([
    ['is not there', null],
    ['has no certificate in it', 'nothing of the kind'],
    ['has no certificate in it', '-----BEGIN CERTIFICATE-----\n'.repeat(1_000)],
    ['has a certificate that cannot be read', pem('ca.pem').replace(/^MII\w{20}/m, 'AAAA')],
    ['has a certificate that cannot be read', '0 no DER']
  ])('%s: named with the setting, no host is blamed, and it is read again', async (because, text) => {
    const site = await inspected()
    const path = join(tempFolder(), 'ca.pem')
    if (text !== null) await writeFile(path, text)
    const room = straight({ 'network.caFile': path })
    expect(await errorOf(room.open(ask(site.origin)))).toMatchObject({
      code: 'CA_FILE_UNUSABLE',
      family: 'RetryLater',
      message: `network.caFile names ${path}, which ${because}.`
    })
    expect(room.breakerOpenUntil(site.origin)).toBeNull()
    await writeFile(path, pem('ca.pem'))
    expect(await room.text(ask(site.origin))).toMatchObject({ status: 200 })
  })

  test('stops no request that is not secure', async () => {
    const site = await serve((_, response) => response.end('plain'))
    const room = straight({ 'network.caFile': '/no/such/file.pem' })
    expect(await room.text(ask(site.origin))).toMatchObject({ text: 'plain' })
  })
})

describe('the runtime’s own list', () => {
  const [first = '', second = ''] = rootCertificates
  const listing = (system: readonly string[] | null) => ({
    list: (which: string) => (which === 'system' ? system : [first])
  })

  test('stays as it is while nothing is added to it', async () => {
    expect(await makeTrust(testHost(), ON, listing([])).context()).toBeNull()
    expect(await makeTrust(testHost(), ON, listing([first.replaceAll('\n', '\r\n')])).context()).toBeNull()
    expect(await makeTrust(testHost(), ON, listing([second])).context()).not.toBeNull()
  })

  test('a store that cannot be read, or holds what is no certificate, costs nothing else', async () => {
    const failing = {
      list(which: string) {
        if (which === 'system') throw new Error('no keychain')
        return [first]
      }
    }
    expect(await makeTrust(testHost(), ON, failing).context()).toBeNull()
    const own = { ...ON, 'network.caFile': CA_FILE }
    expect(await makeTrust(testHost(), own, failing).context()).not.toBeNull()
    expect(await makeTrust(testHost(), own, listing(['junk'])).context()).not.toBeNull()
  })

  test('certificates are found between other text, in time that grows with its length', () => {
    expect(certificatesIn(`x\n${first}\ny${second}`)).toEqual([first, second].map((one) => one.trim()))
    const began = performance.now()
    expect(certificatesIn('-----BEGIN CERTIFICATE-----'.repeat(300_000))).toEqual([])
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
