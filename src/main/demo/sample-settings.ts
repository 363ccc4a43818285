/** Settings of the sample library. Its sources are on this computer: no rate limits and no proxy. */
import type { Settings } from '../../contract/settings'

export const SAMPLE_SETTINGS = {
  'safety.switch': 'on',
  'general.mailto': 'demo@example.org',
  'network.workers': 3,
  'network.rates': { '*': 1_000 },
  'network.proxy': 'none'
} as const satisfies Partial<Settings>
