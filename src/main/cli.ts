/**
 * Node's entry: builds a Host, runs the command line, and uses its exit status. Nothing here decides
 * anything.
 */
import { homedir, tmpdir } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import { version } from '../../package.json'
import { runCommandLine } from './cli/main'
import { nodeFiles } from './platform/node-files'
import { nodeClock, nodeHost } from './platform/node-host'
import { readUserDirs } from './platform/user-dirs'
import { V8_FLAGS } from './platform/v8-flags'

for (const flag of V8_FLAGS) setFlagsFromString(flag)

const status = await runCommandLine({
  argv: process.argv.slice(2),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  machine: {
    platform: process.platform,
    home: homedir(),
    env: process.env,
    userDirs: process.platform === 'linux' ? readUserDirs(process.env, homedir()) : null
  },
  version,
  nodeVersion: process.version,
  self: [process.execPath, ...process.execArgv, process.argv[1] ?? ''],
  tempDir: tmpdir(),
  files: nodeFiles,
  now: () => nodeClock.now(),
  makeHost: nodeHost,
  signals: process,
  endNow: (ended) => process.exit(ended)
})
process.exitCode = status
// Everything is written and closed by now. Handles that still keep the process alive (a lingering socket, a
// terminal that was read) are ignored.
setTimeout(() => process.exit(status), 300).unref()
