/**
 * Parses a robots.txt for one crawler. Own code: `robots-parser` fails cases of RFC 9309's conformance suite
 * (lines without a colon, escapes that must stay), and plain data is easier to store for a day. Pure. Source:
 * RFC 9309 §2.2.
 */
import { before } from '../../contract/scan'
import { z } from 'zod'

const ruleSchema = z.object({ allow: z.boolean(), pattern: z.string().max(8_192), line: z.number() })
export const rulesSchema = z.object({
  rules: z.array(ruleSchema).max(50_000),
  crawlDelaySeconds: z.number().nullable()
})
export type RobotsRule = z.infer<typeof ruleSchema>
/** The rules for one crawler, ours or those of `*`. */
export type RobotsRules = z.infer<typeof rulesSchema>

export const NO_RULES: RobotsRules = { rules: [], crawlDelaySeconds: null }

interface Group {
  readonly agents: string[]
  readonly rules: RobotsRule[]
  crawlDelaySeconds: number | null
}

/** The group for `product`, merged with others of that name; else those for `*`; else nothing. */
export function parseRobots(text: string, product: string): RobotsRules {
  const groups = groupsOf(text)
  const own = groups.filter((group) => group.agents.includes(product.toLowerCase()))
  const chosen = own.length > 0 ? own : groups.filter((group) => group.agents.includes('*'))
  return {
    rules: chosen.flatMap((group) => group.rules),
    crawlDelaySeconds: chosen.find((group) => group.crawlDelaySeconds !== null)?.crawlDelaySeconds ?? null
  }
}

/** The rule that applies, or null when none matches the path. The longest wins, `allow` wins a tie. Source: RFC 9309 §2.2.2. */
export function decidingRule(rules: RobotsRules, path: string): RobotsRule | null {
  let best: RobotsRule | null = null
  for (const rule of rules.rules) {
    const longer = best === null || rule.pattern.length > best.pattern.length
    const kinder = best?.pattern.length === rule.pattern.length && rule.allow && !best.allow
    if ((longer || kinder) && matches(rule.pattern, path)) best = rule
  }
  return best
}

/** The string that a rule is matched against: path and query as sent, without the fragment. */
export function robotsPath(url: string): string {
  const rest = before(url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, ''), '#')
  const path = rest.startsWith('/') ? rest : `/${rest}`
  return path.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase())
}

function groupsOf(text: string): Group[] {
  const groups: Group[] = []
  let group: Group | null = null
  let naming = false
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const field = fieldOf(raw)
    if (field === null) continue
    if (field.name === 'user-agent') {
      if (!naming || group === null) groups.push((group = { agents: [], rules: [], crawlDelaySeconds: null }))
      group.agents.push(productOf(field.value))
      naming = true
    } else if (field.name === 'allow' || field.name === 'disallow') {
      naming = false
      addRule(group, field.name === 'allow', field.value, index + 1)
    } else if (field.name === 'crawl-delay' && group !== null) {
      const seconds = Number(field.value)
      if (field.value !== '' && Number.isFinite(seconds) && seconds >= 0) group.crawlDelaySeconds = seconds
    }
  }
  return groups
}

function addRule(group: Group | null, allow: boolean, value: string, line: number): void {
  // An empty pattern matches nothing: «Disallow:» forbids nothing.
  if (group === null || value === '') return
  const pattern = escapePattern(value)
  group.rules.push({ allow, pattern, line })
  // A rule for «/a/index.html» applies to the folder, too.
  const folder = allow ? /^(.*\/)index\.html?$/.exec(pattern)?.[1] : undefined
  if (folder !== undefined) group.rules.push({ allow, pattern: `${folder}$`, line })
}

/** Rules of real sites are shorter; the rest of a line is ignored. */
const MOST_LINE_CHARS = 8_192

const SPELLINGS: Readonly<Record<string, string>> = {
  useragent: 'user-agent',
  'user agent': 'user-agent',
  dissallow: 'disallow',
  dissalow: 'disallow',
  disalow: 'disallow',
  diasllow: 'disallow',
  disallaw: 'disallow',
  'crawl delay': 'crawl-delay',
  crawldelay: 'crawl-delay'
}

function fieldOf(raw: string): { readonly name: string; readonly value: string } | null {
  const line = before(raw.slice(0, MOST_LINE_CHARS), '#').trim()
  const colon = line.indexOf(':')
  const parts = colon < 0 ? line.split(/\s+/, 3) : [line.slice(0, colon).trim(), line.slice(colon + 1).trim()]
  const [name, value] = parts
  if (parts.length !== 2 || name === undefined || value === undefined) return null
  const field = name.toLowerCase()
  return { name: SPELLINGS[field] ?? field, value }
}

/** `Sheaf/1.0 (+https://…)` names the product `sheaf`. */
function productOf(value: string): string {
  if (/^\*(\s|$)/.test(value)) return '*'
  return /^[a-z_-]+/i.exec(value)?.[0].toLowerCase() ?? ''
}

/** Non-ASCII characters as sent on the wire; escapes in upper case, and otherwise unchanged. */
function escapePattern(value: string): string {
  const bytes = Buffer.from(value, 'utf8')
  let escaped = ''
  for (const byte of bytes) {
    escaped +=
      byte < 0x80 ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return escaped.replace(/%[0-9a-f]{2}/gi, (escape) => escape.toUpperCase())
}

/**
 * `*` matches any characters, `$` at the end matches the end. Greedy with a single backtrack point, so that
 * matching takes at most the pattern's length times the path's.
 */
function matches(pattern: string, path: string): boolean {
  const anchored = pattern.endsWith('$')
  const body = anchored ? pattern.slice(0, -1) : `${pattern}*`
  let at = 0
  let star = -1
  let resume = 0
  let index = 0
  while (index < path.length) {
    if (body[at] === '*') {
      star = at
      resume = index
      at += 1
    } else if (at < body.length && body[at] === path[index]) {
      at += 1
      index += 1
    } else if (star >= 0) {
      at = star + 1
      resume += 1
      index = resume
    } else return false
  }
  while (body[at] === '*') at += 1
  return at === body.length
}
