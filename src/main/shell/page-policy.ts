/**
 * The content security policy of our pages, and the headers of every answer, defined once. Strict in the
 * built app; in development the bundler's client gets the additional permissions it needs. Pure.
 */

const STRICT: Readonly<Record<string, readonly string[]>> = {
  'default-src': ["'none'"],
  // pdf.js decodes JPEG 2000 and colour profiles with WebAssembly; strings are never executed.
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'style-src': ["'self'"],
  'img-src': ["'self'", 'data:', 'blob:'],
  'font-src': ["'self'", 'data:'],
  'connect-src': ["'self'"],
  'worker-src': ["'self'"],
  'frame-ancestors': ["'none'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"]
}

export const PAGE_POLICY = policyText(STRICT)

/** For the tag in the page itself, where `frame-ancestors` has no meaning. */
export const META_POLICY = policyText(
  Object.fromEntries(Object.entries(STRICT).filter(([name]) => name !== 'frame-ancestors'))
)

/** Only sent by an unpackaged app that shows the development server's page. */
export const DEVELOPMENT_POLICY = policyText({
  ...STRICT,
  'script-src': ["'self'", "'unsafe-inline'", "'wasm-unsafe-eval'"],
  'style-src': ["'self'", "'unsafe-inline'"],
  'connect-src': ["'self'", 'ws://localhost:*', 'http://localhost:*'],
  'worker-src': ["'self'", 'blob:']
})

/** The headers of every answer to the page. */
export function pageHeaders(contentType: string, policy = PAGE_POLICY): Readonly<Record<string, string>> {
  return {
    'Content-Type': contentType,
    'Content-Security-Policy': policy,
    ...GUARDING_HEADERS
  }
}

export const GUARDING_HEADERS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin'
}

function policyText(rules: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(rules)
    .map(([name, sources]) => `${name} ${sources.join(' ')}`)
    .join('; ')
}
