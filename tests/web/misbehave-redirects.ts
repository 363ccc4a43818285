/** Redirects that go round, too far, or to where no client may follow. */
import type { Script } from './file-answer'
import { PAPER, rejected, type Ends, type Misbehaviour, type Scene } from './misbehaviour'

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
  (count: number): Misbehaviour['play'] =>
  ({ url, tail }) => {
    const done = Number(/^hop(\d+)$/.exec(tail)?.[1] ?? 0)
    return done >= count ? {} : moved(`${url}~hop${done + 1}`)
  }
const once =
  (target: (scene: Scene) => string, status = 302): Misbehaviour['play'] =>
  (scene) =>
    scene.tail === '' ? moved(target(scene), {}, status) : {}
const nameOf = (url: string): string => new URL(url).pathname.split('/').at(-1) ?? ''

const PRIVATE = rejected('PRIVATE_ADDRESS', 'REDIRECT_REFUSED')
const to = (about: string, location: string, ends: Ends): Misbehaviour => ({
  about,
  ends,
  play: ({ how }) => moved(how.to ?? location)
})

export const REDIRECTS = {
  'redirect-loop': {
    about: 'Redirects to itself for ever.',
    ends: rejected('TOO_MANY_REDIRECTS'),
    play: ({ url }) => moved(url)
  },
  'redirect-ring': {
    about: 'Two addresses that redirect to each other.',
    ends: rejected('TOO_MANY_REDIRECTS'),
    play: ({ url, tail }) => moved(tail === '' ? `${url}~other` : url)
  },
  'redirect-10-hops': { about: 'Ten redirects, then the file: allowed.', ends: PAPER, play: hops(10) },
  'redirect-11-hops': {
    about: 'Eleven redirects, then the file: one too many.',
    ends: rejected('TOO_MANY_REDIRECTS'),
    play: hops(11)
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
    'Redirects to what is no address.',
    'http://[broken/',
    rejected('REDIRECT_REFUSED', 'BAD_URL')
  ),
  'redirect-nowhere': {
    about: 'A redirect without a Location.',
    ends: rejected('REDIRECT_REFUSED', 'BAD_ANSWER', 'HTTP_REFUSED', 'BAD_URL'),
    play: () => ({ ...moved(''), headers: {} })
  },
  'redirect-downgrade': {
    about: 'From https to http, for a file: allowed, the file is checked anyway.',
    ends: PAPER,
    play: once(({ url }) => `${url.replace(/^https:/, 'http:')}~plain`)
  },
  'redirect-relative': {
    about: 'A relative Location.',
    ends: PAPER,
    play: once(({ url }) => `./${nameOf(url)}~there`)
  },
  'redirect-no-scheme': {
    about: 'A Location that begins with //.',
    ends: PAPER,
    play: once(({ url }) => `${url.replace(/^https?:/, '')}~there`)
  },
  'redirect-odd-letters': {
    about: 'A Location with spaces and unescaped letters, as raw UTF-8.',
    ends: PAPER,
    play: once(({ url }) => `${url}~tërminal störy`)
  },
  'redirect-fragment': {
    about: 'A Location with a fragment, which is not sent on.',
    ends: PAPER,
    play: once(({ url }) => `${url}~there#page=1`)
  },
  'redirect-303': { about: 'A 303.', ends: PAPER, play: once(({ url }) => `${url}~there`, 303) },
  'redirect-308': { about: 'A 308.', ends: PAPER, play: once(({ url }) => `${url}~there`, 308) },
  'cookie-dependent': {
    about:
      'Sends everyone without its cookie to a page that sets it and sends back: a loop without a cookie jar.',
    ends: PAPER,
    play: ({ asked, url, tail }) => {
      if (tail === 'set') return moved(url, { 'Set-Cookie': 'visitor=yes; Path=/; HttpOnly' })
      return /(?:^|;\s*)visitor=yes\b/.test(asked.headers['cookie'] ?? '') ? {} : moved(`${url}~set`)
    }
  }
} satisfies Record<string, Misbehaviour>
