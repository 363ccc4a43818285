/**
 * Patterns that identify a web page sent instead of a paper: bot checks, sign-in pages, cookie notices and
 * “not found” pages, by code, address, title and text. Shared by the file judge and the landing page parser;
 * each applies it with its own evidence. Other languages: `page-words.ts`. Pure.
 */

interface Challenge {
  readonly owner: string
  /** code that occurs only in the check itself */
  readonly certain?: RegExp
  /** code that also occurs on ordinary pages of protected sites: it counts only on a page with little text */
  readonly alsoOnPages?: RegExp
}

const CHALLENGES: readonly Challenge[] = [
  {
    owner: 'Cloudflare',
    // `…/h/b/scripts/` is on every page of a protected site; `orchestrate` and the rest belong to a check.
    certain:
      /_cf_chl_opt|cf-browser-verification|cf_captcha_kind|cf-challenge-running|\/cdn-cgi\/challenge-platform\/h\/[a-z]\/(?!scripts\/)|id=["']challenge-(?:error|form|running|stage)|__cf_chl_/i,
    alsoOnPages: /cf-error-details/i
  },
  {
    owner: 'Akamai',
    certain:
      /sec-if-cpt-container|sec-cpt-if|\/_sec\/cp_challenge|_sec\/verify|bm-verify=|errors\.edgesuite\.net/i
  },
  {
    owner: 'PubMed Central',
    certain: /cloudpmc-viewer-pow|POW_CHALLENGE|pmc[^"']{0,40}proof[- ]of[- ]work/i
  },
  {
    owner: 'DataDome',
    certain:
      /captcha-delivery\.com|geo\.captcha|datadome[^"']{0,40}captcha|\bvar dd\s*=\s*\{\s*['"](?:rt|cid)['"]/i
  },
  { owner: 'Imperva Incapsula', certain: /_?Incapsula_Resource|Incapsula incident ID/i },
  {
    owner: 'PerimeterX',
    certain: /px-captcha|_pxCaptcha|window\._pxAppId[\s\S]{0,2000}captcha/i,
    alsoOnPages: /perimeterx/i
  },
  { owner: 'ScienceDirect', certain: /\/craft\/challenge\/|ref=cra_js_challenge/i },
  {
    owner: 'AWS',
    certain: /gokuProps|awsWafCookieDomainList|\/aws-waf-token|challenge\.compact\.js/i,
    alsoOnPages: /AwsWafIntegration/i
  },
  { owner: 'Anubis', certain: /anubis_challenge|within\.website\/x\/cmd\/anubis|\/\.within\.website\//i },
  { owner: 'Radware', certain: /validate\.perfdrive\.com|perfdrive\.com\/(?:captcha|aperture)/i },
  { owner: 'Silverchair', certain: /crawlprevention/i },
  { owner: 'Kasada', certain: /KPSDK\b|\/149e9513-01fa-4fb0-aad4-566afd725d1b\//i },
  { owner: 'Sucuri', certain: /sucuri_cloudproxy|cloudproxy\.sucuri/i },
  { owner: 'DDoS-Guard', certain: /ddos-guard\/js-challenge|check\.ddos-guard/i },
  { owner: 'Fastly', certain: /_fs-ch-[0-9A-Za-z]+\/|Client Challenge/ },
  {
    owner: 'F5',
    certain: /The requested URL was rejected\. Please consult with your administrator/i,
    alsoOnPages: /\/TSPD\//i
  },
  {
    owner: 'reCAPTCHA',
    alsoOnPages: /google\.com\/recaptcha\/(?:api|enterprise)|class=["'][^"']*g-recaptcha/i
  },
  { owner: 'hCaptcha', alsoOnPages: /hcaptcha\.com\/1\/api|class=["'][^"']*h-captcha/i },
  { owner: 'Cloudflare Turnstile', alsoOnPages: /challenges\.cloudflare\.com/i }
]

/**
 * The provider of the page's bot check, or null. With `isBare` (little text, no password field), uncertain
 * code counts.
 */
export function challengeOwner(html: string, isBare: boolean): string | null {
  const found = CHALLENGES.find(
    ({ certain, alsoOnPages }) => certain?.test(html) === true || (isBare && alsoOnPages?.test(html) === true)
  )
  return found?.owner ?? null
}

const CHALLENGE_TITLES =
  /^(?:just a moment|attention required|one moment,? please|checking your browser|ddos-guard|pardon our interruption|making sure you(?:'|’)re not a bot|client challenge|are you a (?:robot|human)|access denied|access to this page has been denied|security (?:check|verification|challenge)|bot (?:check|verification)|human verification|verify(?:ing)? (?:that )?you are (?:a )?human|robot check|(?:re)?captcha|validat(?:e|ion) (?:user|request)|radware|request unsuccessful|request rejected|preparing (?:to|your) download|sgcaptcha|browser check|service unavailable.*cloudflare|.*\| challenge)\b/i

export function isChallengeTitle(title: string): boolean {
  return CHALLENGE_TITLES.test(title)
}

/** Titles of bot checks that self-redirecting pages have, too. */
export const WAIT_TITLES = /^(?:please wait|un instant|einen moment)\b/i

const CHALLENGE_WORDS =
  /enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser before)|verify(?:ing)? (?:that )?you are (?:a )?human|(?:unusual|suspicious|automated) (?:traffic|activity|access|requests?|queries)|complete the (?:security check|captcha)|(?:not|n[’']t) a robot|why have i been blocked|proof[- ]of[- ]work|you have been blocked|press (?:&|and) hold|our systems? (?:has|have) detected/i

/** Applied to the text of a short page. */
export function saysChallenge(words: string): boolean {
  return CHALLENGE_WORDS.test(words)
}
/** Maximum length of a page on which one sentence determines its meaning. */
export const FEW_CHARS = 1_200

/** Words of sign-in pages that also occur in papers (“Identification of …”) count only as the whole title. */
const LOGIN_TITLES =
  /^(?:(?:please )?(?:sign|log)[ -]?(?:in|on)|login|shibboleth|(?:institutional|member|user|web|account|library)? ?(?:log[- ]?in|sign[- ]?in)|single sign[- ]?on|(?:authentication|identification)(?! (?:of|in|and|by|for|from|using|through|with)\b)|(?:select|find|choose) your (?:institution|organi[sz]ation)|access through your institution|central authentication|openathens|ezproxy|anmelde?n?|anmeldung|connexion|iniciar sesi[oó]n|acceder|accedi|entrar|acesso)\b/i
const LOGIN_PATHS =
  /\/(?:login|signin|sign-in|logon|sso|idp|wayf|shibboleth|ssostart|openathens|cas|authorize|authenticate|oauth2?|saml2?)(?:[/?.;]|$)/i
const LOGIN_HOSTS = /^(?:login|sso|idp|wayf|auth|accounts?|signin|shib(?:boleth)?|ezproxy)\./i

/** Applied to a page's title or heading. */
export function isLoginTitle(text: string): boolean {
  return LOGIN_TITLES.test(text)
}

export function isLoginAddress(url: string): boolean {
  if (!URL.canParse(url)) return false
  const { hostname, pathname } = new URL(url)
  return LOGIN_PATHS.test(pathname) || LOGIN_HOSTS.test(hostname)
}

/** SAML forms pass a sign-in from one site to another. */
export const SAML_FIELDS = 'form input[name="SAMLRequest" i], form input[name="SAMLResponse" i]'
export const PASSWORD_FIELDS = 'input[type="password" i]'

const COOKIE_WORDS =
  /cookies? (?:are|is|must be|need to be|seem to be|appears? to be) (?:required|disabled|turned off|enabled|switched off|not enabled)|(?:requires?|enable|accept|allow) (?:the use of )?(?:your )?(?:browser(?:’s|'s)? )?cookies|does not (?:accept|support) cookies|cookies? (?:absent|not supported|disabled)|without cookies/i
const COOKIE_MARKS = /cookie-?absent|cookies?_?-?not_?-?supported|error=cookie|setcookie|cookie-?wall/i

/** A notice that blocks all content, detected in a short page's text. */
export function saysCookieWall(words: string): boolean {
  return words.length < 1_500 && COOKIE_WORDS.test(words)
}
/** Applied to an address or a title. */
export function isCookieMark(text: string): boolean {
  return COOKIE_MARKS.test(text)
}
/** A cookie banner, which ordinary pages have, too: only for bytes that should have been a paper. */
export const COOKIE_BANNER = /cookies? (?:consent|policy)[\s\S]{0,200}(?:accept|continue)/i

const NOT_FOUND_TITLES =
  /\b(?:404|410|page (?:you requested )?(?:was |is |can(?:no|')t be |could not be )?not (?:be )?found|not found|page (?:unavailable|missing|does not exist)|doi not found|(?:content|article|file|document|item) (?:unavailable|not (?:found|available))|no longer available|error page|seite nicht gefunden|p[aá]gina n[oã]o? encontrada|page introuvable|oops)\b/i
const NOT_FOUND_WORDS =
  /(?:page|article|document|item|content|resource|file|doi|pdf)[^.]{0,60}(?:could not be found|cannot be found|can['’]t be found|was not found|is not found|not found|does not exist|doesn['’]t exist|no longer (?:available|exists)|has been (?:removed|deleted|moved)|is (?:unavailable|not available))|we (?:couldn['’]t|could not|can['’]t|cannot) find/i

/** Applied to a page's title or heading. */
export function isNotFoundTitle(text: string): boolean {
  return NOT_FOUND_TITLES.test(text)
}
/** Applied to the text of a short page. */
export function saysNotFound(words: string): boolean {
  return words.length < FEW_CHARS && NOT_FOUND_WORDS.test(words)
}
