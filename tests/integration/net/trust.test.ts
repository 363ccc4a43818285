/** Trusted certificates: a server whose authority is known only from a file, or only from the system. */
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

/** Connects directly, so that the certificate's host name is checked. */
const directNet = (changes: Partial<Settings>, host = testHost()) =>
  netTo(null, { 'network.allowPrivateHosts': true, ...changes }, null, host)

describe('a server with an unknown authority', () => {
  test('is refused, and the error names the setting', async () => {
    const site = await inspected()
    const error = await errorOf(directNet({}).text(ask(site.origin)))
    expect(error).toMatchObject({ code: 'TLS_FAILED' })
    expect(ERRORS.TLS_FAILED.hint).toContain('network.caFile')
    expect(site.seen).toEqual([])
  })

  test('is accepted when network.caFile contains its authority, in PEM or DER', async () => {
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
      const reached = await directNet({ 'network.caFile': caFile }).text(ask(site.origin))
      expect(reached, caFile).toMatchObject({ status: 200, text: 'paper' })
    }
  })

  test('must still be the requested host', async () => {
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

  test('is accepted through a proxy too', async () => {
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
    const refused = directNet({ 'network.proxy': address })
    expect(await errorOf(refused.open(ask(site.origin)))).toMatchObject({ code: 'TLS_FAILED' })
    const trusting = directNet({ 'network.proxy': address, 'network.caFile': CA_FILE })
    expect(await trusting.text(ask(site.origin))).toMatchObject({ status: 200 })
    // The same when the system (its PAC script) names the proxy.
    const named = directNet(
      { 'network.proxy': 'system', 'network.caFile': CA_FILE },
      testHost({ systemProxy: () => Promise.resolve(`PROXY ${new URL(address).host}; DIRECT`) })
    )
    expect(await named.text(ask(site.origin))).toMatchObject({ status: 200 })
    expect(through).toHaveLength(3)
  })

  test('is accepted when the system has its authority, unless that is turned off', async () => {
    const site = await inspected()
    const host = testHost({ env: { SSL_CERT_FILE: CA_FILE } })
    const system = { list: () => null }
    expect(await makeTrust(host, ON, system).context()).not.toBeNull()
    expect(await makeTrust(host, { ...ON, 'network.systemCertificates': false }, system).context()).toBeNull()
    if (process.versions.node.startsWith('20.'))
      expect(await directNet({}, host).text(ask(site.origin))).toMatchObject({ status: 200 })
    const off = directNet({ 'network.systemCertificates': false }, host)
    expect(await errorOf(off.open(ask(site.origin)))).toMatchObject({ code: 'TLS_FAILED' })
  })
})

const ON = { 'network.caFile': '', 'network.systemCertificates': true } as const

describe('an invalid file', () => {
  test.each([
    ['is not there', null],
    ['has no certificate in it', 'nothing of the kind'],
    ['has no certificate in it', '-----BEGIN CERTIFICATE-----\n'.repeat(1_000)],
    ['has a certificate that cannot be read', pem('ca.pem').replace(/^MII\w{20}/m, 'AAAA')],
    ['has a certificate that cannot be read', '0 no DER']
  ])(
    '%s: reported with the setting, not counted against the host, and read again later',
    async (because, text) => {
      const site = await inspected()
      const path = join(tempFolder(), 'ca.pem')
      if (text !== null) await writeFile(path, text)
      const network = directNet({ 'network.caFile': path })
      expect(await errorOf(network.open(ask(site.origin)))).toMatchObject({
        code: 'CA_FILE_UNUSABLE',
        family: 'RetryLater',
        message: `network.caFile names ${path}, which ${because}.`
      })
      expect(network.breakerOpenUntil(site.origin)).toBeNull()
      await writeFile(path, pem('ca.pem'))
      expect(await network.text(ask(site.origin))).toMatchObject({ status: 200 })
    }
  )

  test('does not affect requests without TLS', async () => {
    const site = await serve((_, response) => response.end('plain'))
    const network = directNet({ 'network.caFile': '/no/such/file.pem' })
    expect(await network.text(ask(site.origin))).toMatchObject({ text: 'plain' })
  })
})

describe('the runtime’s own list', () => {
  const [first = '', second = ''] = rootCertificates
  const listing = (system: readonly string[] | null) => ({
    list: (which: string) => (which === 'system' ? system : [first])
  })

  test('is unchanged while nothing is added to it', async () => {
    expect(await makeTrust(testHost(), ON, listing([])).context()).toBeNull()
    expect(await makeTrust(testHost(), ON, listing([first.replaceAll('\n', '\r\n')])).context()).toBeNull()
    expect(await makeTrust(testHost(), ON, listing([second])).context()).not.toBeNull()
  })

  test('an unreadable store, or one with invalid certificates, affects nothing else', async () => {
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

  test('certificates are found between other text, in time linear in its length', () => {
    expect(certificatesIn(`x\n${first}\ny${second}`)).toEqual([first, second].map((one) => one.trim()))
    const began = performance.now()
    expect(certificatesIn('-----BEGIN CERTIFICATE-----'.repeat(300_000))).toEqual([])
    expect(performance.now() - began).toBeLessThan(2_000)
  })
})
