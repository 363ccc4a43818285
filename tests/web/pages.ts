/**
 * Web pages that are sent instead of a paper, modelled on those of publishers, bot checks and archives; large
 * enough to pass a size check.
 */
const filler = (sentence: string, times: number): string => `<p>${sentence}</p>\n`.repeat(times)

function page(title: string, head: string, body: string): Buffer {
  return Buffer.from(
    `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n${head}\n</head>\n` +
      `<body>\n${body}\n</body>\n</html>\n`
  )
}

export const ARTICLE_PAGE = page(
  'On the drift of slow rivers | Journal of Examples',
  '<meta name="citation_title" content="On the drift of slow rivers">',
  `<article><h1>On the drift of slow rivers</h1><section id="abstract"><h2>Abstract</h2>${filler('Rivers drift.', 3)}</section>` +
    `<section><h2>1 Introduction</h2>${filler('The river was observed over many years, and its bed was found to move.', 60)}</section></article>`
)

export const LOGIN_PAGE = page(
  'Sign in | Example Press',
  '',
  '<main><h1>Sign in to continue</h1><p>Access to this content requires a subscription or purchase.</p>' +
    '<form action="/action/doLogin" method="post"><label>Email <input type="email" name="login"></label>' +
    '<label>Password <input type="password" name="password"></label><button>Log in</button></form>' +
    `<p><a href="/ssostart">Access through your institution</a> (Shibboleth, OpenAthens)</p>${filler('Why register? Save articles, set alerts and manage your subscriptions.', 15)}</main>`
)

export const BOT_CHECK_PAGE = page(
  'Just a moment...',
  '<meta http-equiv="refresh" content="390"><meta name="robots" content="noindex,nofollow">',
  '<div class="main-wrapper"><h1>files.example</h1><p id="cf-spinner">Verifying you are human. This may take a few seconds.</p>' +
    '<noscript>Enable JavaScript and cookies to continue</noscript>' +
    '<script>window._cf_chl_opt={cvId:"3",cType:"managed",cRay:"0000000000000000"};</script>' +
    '<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>' +
    `${filler('Performance and security by Cloudflare', 12)}</div>`
)

export const COOKIE_WALL_PAGE = page(
  'Cookies required',
  '',
  '<main><h1>Cookies are disabled</h1><p>Your browser is not accepting cookies. To view this content, please enable cookies and reload the page.</p>' +
    `<button id="accept-all-cookies">Accept all cookies</button>${filler('We use cookies to make our services work and to understand how you use them.', 15)}</main>`
)

export const SOFT_404_PAGE = page(
  'Page not found | Example Repository',
  '',
  `<main><h1>Page not found</h1><p>Sorry, the page you requested could not be found (404).</p>${filler('It may have been moved, or never have existed. Try the search.', 20)}</main>`
)

export const META_REFRESH_PAGE = (target: string): Buffer =>
  page(
    'Redirecting',
    `<meta http-equiv="refresh" content="0; url='${target}'">`,
    `<p>You are being sent to <a href="${target}">the document</a>.</p>${filler('Please wait.', 20)}`
  )

/** The smallest valid PNG (one pixel). Callers pad it with zeros when they need a larger file. */
export const PNG_IMAGE = Buffer.concat([
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64'
  ),
  Buffer.alloc(4_000)
])
