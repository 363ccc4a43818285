/**
 * The support file: what is needed to help, and nothing private. Mail address, proxy and paths of the user's
 * folders are left out; of addresses only the host is included. Pure.
 */
import type { ErrorData } from '../../contract/errors'
import type { Settings } from '../../contract/settings'
import { redact, type LogLine } from '../platform/log'
import { isObject } from '../../contract/unknown-values'

export interface DiagnosticFacts {
  readonly version: string
  readonly platform: string
  readonly runtime: Readonly<Record<string, string | undefined>>
  readonly at: number
  readonly workspace: string
  readonly settings: Settings
  readonly origins: Readonly<Record<string, string>>
  readonly problems: readonly ErrorData[]
  readonly trouble: ErrorData | null
  readonly counts: unknown
  readonly recovery: unknown
  readonly hosts: readonly string[]
  readonly log: readonly LogLine[]
  /** strings to remove from the file, longest first: the user's folders, the mail address */
  readonly secrets: readonly string[]
}

export function diagnosticsText(facts: DiagnosticFacts): string {
  const { secrets, settings, log, ...rest } = facts
  const file = {
    what: 'A support file of Sheaf. Addresses of papers, your name, your folders and secrets are left out.',
    ...rest,
    settings: { ...settings, ...hidden(settings) },
    log: log.map((line) => ({ ...line, facts: redact(line.facts) }))
  }
  return `${JSON.stringify(clean(file, secrets), null, 2)}\n`
}

const LEFT_OUT = '[left out]'

function hidden(settings: Settings): Record<string, unknown> {
  const keys = [
    'general.mailto',
    'network.proxy',
    'network.proxyPrefix',
    'network.caFile',
    'files.library'
  ] as const
  return Object.fromEntries(keys.map((key) => [key, settings[key] === '' ? '' : LEFT_OUT]))
}

/**
 * Removes the secrets from all strings, and the paths from addresses. Stops at cycles and at a maximum depth.
 */
export function clean(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value, secrets)
  if (depth > 20) return LEFT_OUT
  if (Array.isArray(value)) return value.map((one) => clean(one, secrets, depth + 1))
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [cleanText(name, secrets), clean(one, secrets, depth + 1)])
  )
}

function cleanText(text: string, secrets: readonly string[]): string {
  let clear = text
  for (const secret of secrets) {
    if (secret !== '') clear = clear.replaceAll(secret, LEFT_OUT)
  }
  return clear
    .replace(/\b(https?:\/\/)(?:[^\s/@]*@)?([^\s/?#"”]+)[^\s"”)]*/g, '$1$2/…')
    .replace(/(?<![\w.+%-])[\w.+%-]{1,200}?(?:@|%40)[\w-]{1,100}(?:\.[\w-]{1,100}){1,20}/g, LEFT_OUT)
}
