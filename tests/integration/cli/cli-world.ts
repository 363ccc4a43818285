/** A fresh data folder and library for one command-line test; every request goes to the fixture web. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSampleWeb, type SampleWeb } from '../../../src/main/demo/sample-web'
import { runCli, type CliEnd, type CliOptions } from '../../kit/run-cli'

export interface CliWorld {
  readonly folder: string
  readonly dataDir: string
  readonly library: string
  readonly web: SampleWeb
  /** runs `sheaf …` with this world's folders and web; the caller adds `--json` */
  sheaf(args: readonly string[], options?: CliOptions): Promise<CliEnd>
  end(): Promise<void>
}

export async function makeCliWorld(): Promise<CliWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-cli-'))
  const web = await startSampleWeb()
  const dataDir = join(folder, 'data')
  const library = join(folder, 'library')
  const here = ['--data-dir', dataDir, '--out', library, '--connect-to', `*=${web.origin}`]
  return {
    folder,
    dataDir,
    library,
    web,
    sheaf: (args, options) =>
      runCli([...args, ...here, '--rate', '*=1000/s', '--mailto', 'test@example.org'], options),
    async end() {
      await web.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}
