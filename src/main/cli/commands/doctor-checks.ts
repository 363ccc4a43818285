/** The result of a doctor check, and the checks that need no external access. */
import type { LoadedSettings } from '../../settings/load-settings'
import { SWITCH_VARIABLE } from '../../settings/environment'

export interface Check {
  readonly name: string
  readonly verdict: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** the next step, if there is one */
  readonly hint?: string
}

const OLDEST_NODE = [20, 19] as const

export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const isNewEnough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  if (isNewEnough) return { name: 'node', verdict: 'ok', found: version }
  return {
    name: 'node',
    verdict: 'fail',
    found: version,
    hint: `Install Node ${OLDEST_NODE.join('.')} or newer.`
  }
}

export function checkSwitch({ settings, origins }: LoadedSettings): Check {
  const position = settings['safety.switch']
  const by = {
    default: 'by default',
    file: 'by settings.json',
    environment: `by ${SWITCH_VARIABLE}`,
    option: 'by an option'
  }[origins['safety.switch']]
  const share = position === 'canary' ? ` for ${settings['safety.canaryPercent']} % of the works` : ''
  const found = `crash-safe downloads are ${position}${share}, ${by}`
  if (position !== 'off') return { name: 'switch', verdict: 'ok', found }
  return {
    name: 'switch',
    verdict: 'warn',
    found: `${found}: nothing is remembered`,
    hint: 'sheaf settings set safety.switch on'
  }
}

export function checkContact(mailto: string): Check {
  if (mailto !== '') return { name: 'contact', verdict: 'ok', found: mailto }
  return {
    name: 'contact',
    verdict: 'warn',
    found: 'no address is set: Unpaywall is not asked, and others answer less willingly',
    hint: 'sheaf settings set general.mailto you@example.org'
  }
}
