/**
 * “Try it without a network”: the built-in sample library in a folder of its own, fetched from sample sources
 * on this computer. It reads and writes none of the user's data.
 */
import { join } from 'node:path'
import { defaultSettings, type Settings } from '../../contract/settings'
import type { WorkDraft } from '../../contract/work'
import { SAMPLE_SETTINGS } from '../demo/sample-settings'
import { startSampleWeb, type SampleWeb } from '../demo/sample-web'
import { referenceOfSample, SAMPLE_WORKS } from '../demo/sample-works'
import type { Files } from '../platform/files'

export interface SamplePlace {
  readonly dataDir: string
  readonly libraryDir: string
}

export function samplePlace(dataDir: string): SamplePlace {
  return { dataDir: join(dataDir, 'sample', 'ledger'), libraryDir: join(dataDir, 'sample', 'library') }
}

/** The defaults of every setting, adapted to the sample sources. */
export function sampleSettings(web: SampleWeb): Settings {
  return {
    ...defaultSettings(),
    ...SAMPLE_SETTINGS,
    'network.connectTo': [{ from: '*', to: web.origin }]
  }
}

export function sampleDrafts(): WorkDraft[] {
  return SAMPLE_WORKS.map(referenceOfSample)
}

/** Removes an earlier sample: only files, and only below the sample's own folder. */
export async function clearSample(files: Files, dataDir: string): Promise<void> {
  const clear = async (folder: string): Promise<void> => {
    for (const { name, isFolder } of await files.list(folder)) {
      if (isFolder) await clear(join(folder, name))
      else await files.remove(join(folder, name))
    }
  }
  await clear(join(dataDir, 'sample'))
}

export { startSampleWeb, type SampleWeb }
