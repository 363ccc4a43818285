/**
 * Chooses the proxy of a request, and applies the library's proxy prefix to an address. Only decides;
 * `agents.ts` makes the agents. The environment comes from the Host, so the variables are read here:
 * `proxy-from-env` reads only the process's own.
 */
import { isUnder } from '../../contract/addresses'
import { fail } from '../../contract/errors'
import { fillProxyWords, hasProxyWords } from '../../contract/proxy-words'
import type { Host } from '../platform/host'
import { bareHostname } from './hosts'

type Env = Host['env']

/**
 * An address behind the library's proxy. A setting of three kinds:
 * `https://proxy.example.edu/login?url=` is put before the address (EZproxy and similar);
 * `https://go.openathens.net/redirector/example.edu?url=` is put before the percent-encoded address;
 * `https://%h.proxy.example.edu/%p` rewrites the host (placeholders: see `contract/proxy-words.ts`).
 * An address that is behind the proxy already stays unchanged.
 */
export function withProxyPrefix(url: string, prefix: string): string {
  if (prefix === '' || url.startsWith(prefix)) return url
  if (hasProxyWords(prefix)) return fillProxyWords(prefix, url)
  return wantsEncoded(prefix) ? prefix + encodeURIComponent(url) : prefix + url
}

/**
 * EZproxy takes `url=` unencoded to the end of the line and `qurl=` percent-encoded; redirectors take a
 * parameter.
 */
function wantsEncoded(prefix: string): boolean {
  if (/[?&](?:qurl|target|return)=$/i.test(prefix)) return true
  const host = URL.canParse(prefix) ? new URL(prefix).hostname : ''
  return /(?:^|\.)openathens\.net$/.test(host) && prefix.endsWith('=')
}

/**
 * The URL of the proxy for a request, or null. `setting` is `network.proxy`; where the host cannot query the
 * system (the command line), `system` means the environment's proxy.
 */
export async function proxyFor(
  url: URL,
  setting: string,
  host: Pick<Host, 'env' | 'systemProxy'>
): Promise<string | null> {
  if (setting === 'none') return null
  if (setting === 'system' && host.systemProxy !== undefined)
    return proxyOfSystem(await host.systemProxy(url.href))
  if (setting !== '' && setting !== 'system') return checked(setting)
  return proxyOfEnvironment(url, host.env)
}

/**
 * The system's answer, from its settings or a PAC script: `PROXY host:8080; DIRECT`. The first entry counts.
 * Source: Chromium, net/docs/proxy.md, "Proxy server schemes" (PAC format).
 */
export function proxyOfSystem(answer: string): string | null {
  const [kind = 'DIRECT', where = ''] = (answer.split(';')[0] ?? '').trim().split(/\s+/)
  const scheme = PAC_SCHEMES[kind.toUpperCase()]
  if (scheme === undefined || where === '') return null
  return checked(`${scheme}://${where}`)
}

const PAC_SCHEMES: Readonly<Record<string, string>> = {
  PROXY: 'http',
  HTTP: 'http',
  HTTPS: 'https',
  // The proxy resolves names, as in Chromium.
  SOCKS: 'socks4a',
  SOCKS4: 'socks4a',
  SOCKS5: 'socks5h'
}

function proxyOfEnvironment(url: URL, env: Env): string | null {
  if (exempt(url, read(env, 'no_proxy'))) return null
  const scheme = url.protocol.slice(0, -1)
  const found = readProxy(env, scheme) || read(env, 'all_proxy')
  if (found === '') return null
  return checked(found.includes('://') ? found : `http://${found}`)
}

function checked(proxy: string): string {
  const scheme = URL.canParse(proxy) ? new URL(proxy).protocol : ''
  if (/^(https?|socks[45]?[ah]?):$/.test(scheme)) return proxy
  return fail('BAD_SETTING', `The proxy ${withoutPassword(proxy)} is neither http, https nor socks.`)
}

/**
 * Upper-case HTTP_PROXY is unsafe only under CGI, where a request header can set it; Sheaf does not run
 * there.
 */
function readProxy(env: Env, scheme: string): string {
  return read(env, `${scheme}_proxy`)
}

function read(env: Env, name: string): string {
  return (env[name] ?? env[name.toUpperCase()] ?? '').trim()
}

/** NO_PROXY as in curl and most others: names with their subdomains, ports, `*` for all. */
function exempt(url: URL, list: string): boolean {
  const host = bareHostname(url.hostname)
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true
      // `name`, `name:port`, `[v6]`, `[v6]:port`; a bare `v6` has colons of its own.
      const parts = /^\[(.+)\](?::(\d+))?$/.exec(entry) ?? /^([^:]+)(?::(\d+))?$/.exec(entry)
      const name = (parts?.[1] ?? entry).replace(/^\*?\./, '')
      const samePort = parts?.[2] === undefined || parts[2] === port
      return samePort && isUnder(host, name)
    })
}

function withoutPassword(proxy: string): string {
  return proxy.replace(/\/\/[^@/]*@/, '//')
}
