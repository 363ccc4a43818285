/**
 * A library and a data folder for one crash scenario, and the command line that works on them. Every run uses
 * the same command.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { World } from '../web/scholarly'
import type { Web } from '../web/web'
import { runCli, type CliEnd, type CliOptions } from '../kit/run-cli'

export interface CrashFolder {
  readonly dataDir: string
  readonly library: string
  /** `sheaf run` for all works of the world */
  run(options?: CliOptions): Promise<CliEnd>
  /** any command on the same folders */
  sheaf(args: readonly string[], options?: CliOptions): Promise<CliEnd>
  remove(): Promise<void>
}

export async function makeCrashFolder(
  { world, web }: { readonly world: World; readonly web: Web },
  extra: readonly string[] = []
): Promise<CrashFolder> {
  const folder = await mkdtemp(join(tmpdir(), 'sheaf-crash-'))
  const dataDir = join(folder, 'data')
  const library = join(folder, 'library')
  const folders = ['--data-dir', dataDir, '--out', library, ...web.connectToArguments]
  const limits = ['--rate', '*=1000/s', '--mailto', 'reader@example.org', ...extra]
  const wanted = world.works.flatMap(({ doi, arxiv }) =>
    doi === null ? ['--arxiv', arxiv ?? ''] : ['--doi', doi]
  )
  const sheaf: CrashFolder['sheaf'] = (args, options) => runCli([...args, ...folders], options)
  return {
    dataDir,
    library,
    sheaf,
    run: (options) => sheaf(['run', '--json', '--enable-idempotency', ...wanted, ...limits], options),
    remove: () => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 })
  }
}
