/** Redirects that loop, are too many, or lead to targets that a client must not follow. */
import type { Script } from './file-answer'
import { PAPER, rejected, type Ends, type Misbehaviour, type MisbehaviourContext } from './misbehaviour'

const NOTHING = Buffer.alloc(0)
const moved = (location: string, headers: Record<string, string> = {}, status = 302): Script => ({
  status,
  content: NOTHING,
  contentType: 'text/html; charset=utf-8',
  etag: null,
  lastModified: null,
  headers: { Location: location, ...headers }
})

/** `hops` redirects, then the file. */
const hops =
  (count: number): Misbehaviour['script'] =>
  ({ url, tail }) => {
    const done = Number(/^hop(\d+)$/.exec(tail)?.[1] ?? 0)
    return done >= count ? {} : moved(`${url}~hop${done + 1}`)
  }
const once =
  (target: (context: MisbehaviourContext) => string, status = 302): Misbehaviour['script'] =>
  (context) =>
    context.tail === '' ? moved(target(context), {}, status) : {}
const nameOf = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? ''

const PRIVATE = rejected('PRIVATE_ADDRESS', 'REDIRECT_REFUSED')
const to = (about: string, location: string, ends: Ends): Misbehaviour => ({
  about,
  ends,
  script: ({ parameters }) => moved(parameters.to ?? location)
})

export const REDIRECTS = {
  'redirect-loop': {
    about: 'Redirects to itself without end.',
    ends: rejected('TOO_MANY_REDIRECTS'),
    script: ({ url }) => moved(url)
  },
  'redirect-ring': {
    about: 'Two addresses that redirect to each other.',
    ends: rejected('TOO_MANY_REDIRECTS'),
    script: ({ url, tail }) => moved(tail === '' ? `${url}~other` : url)
  },
  'redirect-10-hops': { about: 'Ten redirects, then the file: allowed.', ends: PAPER, script: hops(10) },
  'redirect-11-hops': {
    about: 'Eleven redirects, then the file: one too many.',
    ends: rejected('TOO_MANY_REDIRECTS'),
    script: hops(11)
  },
  'redirect-loopback': to('Redirects to 127.0.0.1.', 'http://127.0.0.1/trap.pdf', PRIVATE),
  'redirect-localhost': to('Redirects to localhost.', 'http://localhost:8080/trap.pdf', PRIVATE),
  'redirect-private-10': to('Redirects to 10.0.0.7.', 'http://10.0.0.7/trap.pdf', PRIVATE),
  'redirect-private-192': to('Redirects to 192.168.1.1.', 'https://192.168.1.1/trap.pdf', PRIVATE),
  'redirect-metadata': to('Redirects to 169.254.169.254.', 'http://169.254.169.254/trap.pdf', PRIVATE),
  'redirect-ipv6-loopback': to('Redirects to [::1].', 'http://[::1]/trap.pdf', PRIVATE),
  'redirect-ipv6-mapped': to(
    'Redirects to [::ffff:127.0.0.1].',
    'http://[::ffff:127.0.0.1]/trap.pdf',
    PRIVATE
  ),
  'redirect-decimal': to(
    'Redirects to 127.0.0.1 written as one number.',
    'http://2130706433/trap.pdf',
    PRIVATE
  ),
  'redirect-octal': to('Redirects to 127.0.0.1 written in octal.', 'http://0177.0.0.1/trap.pdf', PRIVATE),
  'redirect-file': to('Redirects to file:.', 'file:///etc/passwd', rejected('REDIRECT_REFUSED', 'BAD_URL')),
  'redirect-javascript': to(
    'Redirects to javascript:.',
    'javascript:void(0)',
    rejected('REDIRECT_REFUSED', 'BAD_URL')
  ),
  'redirect-nonsense': to(
    'Redirects to an invalid URL.',
    'http://[broken/',
    rejected('REDIRECT_REFUSED', 'BAD_URL')
  ),
  'redirect-nowhere': {
    about: 'A redirect without a Location.',
    ends: rejected('REDIRECT_REFUSED', 'BAD_ANSWER', 'HTTP_REFUSED', 'BAD_URL'),
    script: () => ({ ...moved(''), headers: {} })
  },
  'redirect-downgrade': {
    about: 'From https to http, for a file: allowed, the file is checked anyway.',
    ends: PAPER,
    script: once(({ url }) => `${url.replace(/^https:/, 'http:')}~plain`)
  },
  'redirect-relative': {
    about: 'A relative Location.',
    ends: PAPER,
    script: once(({ url }) => `./${nameOf(url)}~there`)
  },
  'redirect-no-scheme': {
    about: 'A Location that begins with //.',
    ends: PAPER,
    script: once(({ url }) => `${url.replace(/^https?:/, '')}~there`)
  },
  'redirect-odd-letters': {
    about: 'A Location with spaces and unescaped letters, as raw UTF-8.',
    ends: PAPER,
    script: once(({ url }) => `${url}~tërminal störy`)
  },
  'redirect-fragment': {
    about: 'A Location with a fragment, which is not sent on.',
    ends: PAPER,
    script: once(({ url }) => `${url}~there#page=1`)
  },
  'redirect-303': { about: 'A 303.', ends: PAPER, script: once(({ url }) => `${url}~there`, 303) },
  'redirect-308': { about: 'A 308.', ends: PAPER, script: once(({ url }) => `${url}~there`, 308) },
  'cookie-dependent': {
    about:
      'Redirects requests without its cookie to a page that sets it and redirects back: a loop without a cookie jar.',
    ends: PAPER,
    script: ({ asked, url, tail }) => {
      if (tail === 'set') return moved(url, { 'Set-Cookie': 'visitor=yes; Path=/; HttpOnly' })
      return /(?:^|;\s*)visitor=yes\b/.test(asked.headers['cookie'] ?? '') ? {} : moved(`${url}~set`)
    }
  }
} satisfies Record<string, Misbehaviour>
