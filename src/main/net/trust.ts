/**
 * The trusted certificate authorities: the runtime's own, the system's (which include an employer's or
 * university's TLS-inspecting authority), and those in the file of the setting `network.caFile`. They are
 * only added: nothing here disables certificate checks. Read at the first secure request; an unusable file is
 * reported and read again at the next one.
 */
import { X509Certificate } from 'node:crypto'
import * as tls from 'node:tls'
import { z } from 'zod'
import { fail } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import { codeOrMessage } from '../platform/files'
import type { Host } from '../platform/host'

const LARGEST_FILE_BYTES = 10_000_000
/**
 * System certificate files of Linux distributions and BSDs, for a Node that cannot query the system. Source:
 * Go, crypto/x509 `root_linux.go` and `root_bsd.go`.
 */
const SYSTEM_FILES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem'
]

/** What this runtime provides: Node from 22.15 on reads the system's store on every platform. */
export interface RuntimeAuthorities {
  /** certificates as PEM, or null when this runtime cannot list them */
  list(which: 'default' | 'system'): readonly string[] | null
}

export interface Trust {
  /** The context for secure connections; null for the runtime's own authorities alone. */
  context(): Promise<tls.SecureContext | null>
}

type TrustSettings = Pick<Settings, 'network.caFile' | 'network.systemCertificates'>

/** @throws CA_FILE_UNUSABLE from `context` when the file of the setting is unusable */
export function makeTrust(
  host: Pick<Host, 'files' | 'env' | 'log'>,
  settings: TrustSettings,
  runtime: RuntimeAuthorities = thisRuntime
): Trust {
  let reading: Promise<tls.SecureContext | null> | null = null
  return {
    async context() {
      reading ??= readContext(host, settings, runtime)
      try {
        return await reading
      } catch (error) {
        reading = null
        throw error
      }
    }
  }
}

async function readContext(
  host: Pick<Host, 'files' | 'env' | 'log'>,
  settings: TrustSettings,
  runtime: RuntimeAuthorities
): Promise<tls.SecureContext | null> {
  const path = settings['network.caFile']
  const own = path === '' ? [] : await readCaFile(host, path)
  const system = settings['network.systemCertificates'] ? await systemAuthorities(host, runtime) : []
  const usual = await usualAuthorities(host, runtime)
  const known = new Set(usual.map(bodyOf))
  const added = [...own, ...system].filter((one) => !known.has(bodyOf(one)))
  if (added.length === 0) return null
  // Parsed once and shared: passed as `ca`, the whole list would be parsed for each connection.
  try {
    return tls.createSecureContext({ ca: [...usual, ...added] })
  } catch (error) {
    // One entry of the system's store that OpenSSL refuses must not disable the others.
    host.log.warn('The system’s certificates cannot be used', { because: String(error) })
    return own.length === 0 ? null : tls.createSecureContext({ ca: [...usual, ...own] })
  }
}

/** The certificates of a file named by the user: PEM, one or many, or a single one in DER. */
export async function readCaFile(host: Pick<Host, 'files'>, path: string): Promise<readonly string[]> {
  const unusable = (because: string, cause?: unknown): never =>
    fail('CA_FILE_UNUSABLE', `network.caFile names ${path}, which ${because}.`, { cause })
  const bytes = await readSmall(host, path).catch((error: unknown) =>
    unusable(`cannot be read (${codeOrMessage(error)})`, error)
  )
  if (bytes === null) return unusable('is not there')
  if (bytes === 'too large') return unusable('is too large to be a list of certificates')
  const found = bytes[0] === 0x30 ? [bytes] : certificatesIn(Buffer.from(bytes).toString('latin1'))
  if (found.length === 0) return unusable('has no certificate in it')
  try {
    return found.map((one) => new X509Certificate(one).toString())
  } catch (error) {
    return unusable('has a certificate that cannot be read', error)
  }
}

async function readSmall(
  { files }: Pick<Host, 'files'>,
  path: string
): Promise<Uint8Array | 'too large' | null> {
  const stat = await files.stat(path)
  if (stat === null) return null
  return stat.bytes > LARGEST_FILE_BYTES ? 'too large' : files.readWhole(path)
}

async function systemAuthorities(
  host: Pick<Host, 'files' | 'env' | 'log'>,
  runtime: RuntimeAuthorities
): Promise<readonly string[]> {
  try {
    const listed = runtime.list('system')
    if (listed !== null) return listed
  } catch (error) {
    host.log.warn('The system’s certificates cannot be read', { because: String(error) })
    return []
  }
  const named = host.env['SSL_CERT_FILE']?.trim() ?? ''
  for (const path of named === '' ? SYSTEM_FILES : [named]) {
    const text = await readIfThere(host, path)
    if (text !== null) return certificatesIn(text)
  }
  return []
}

/** An explicit list replaces the runtime's, so its own and NODE_EXTRA_CA_CERTS are repeated. */
async function usualAuthorities(
  host: Pick<Host, 'files' | 'env'>,
  runtime: RuntimeAuthorities
): Promise<readonly string[]> {
  const listed = runtime.list('default')
  if (listed !== null) return listed
  const extra = host.env['NODE_EXTRA_CA_CERTS']?.trim() ?? ''
  const text = extra === '' ? null : await readIfThere(host, extra)
  return [...tls.rootCertificates, ...(text === null ? [] : certificatesIn(text))]
}

async function readIfThere(host: Pick<Host, 'files'>, path: string): Promise<string | null> {
  try {
    return Buffer.from(await host.files.readWhole(path)).toString('latin1')
  } catch {
    return null
  }
}

/** Each certificate of a PEM file, in order, without the text between them. Linear time. */
export function certificatesIn(text: string): string[] {
  const [from, to] = ['-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----']
  const found: string[] = []
  for (let at = text.indexOf(from); at >= 0; at = text.indexOf(from, at + from.length)) {
    const end = text.indexOf(to, at)
    if (end < 0) break
    found.push(text.slice(at, end + to.length))
    at = end
  }
  return found
}

/** Equal certificates may differ in their line ends. */
const bodyOf = (pem: string): string => pem.replace(/\s+/g, '')

const thisRuntime: RuntimeAuthorities = {
  list(which) {
    if (!('getCACertificates' in tls) || typeof tls.getCACertificates !== 'function') return null
    return z.array(z.string()).parse(Reflect.apply(tls.getCACertificates, tls, [which]))
  }
}
