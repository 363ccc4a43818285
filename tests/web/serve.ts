/**
 * The fixture web as a separate process, for benches and for tests that kill their parent:
 *  node scripts/run-ts.mjs tests/web/serve.ts [--works N] [--bytes N] [--via a,b] [--world FILE.json]
 *                                            [--real-input] [--port N] [--throttle BYTES_PER_SECOND]
 * Prints one JSON line on standard output with its address and its works. Ends when its standard input closes
 * or on a signal.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { SOURCES, type SourceName } from '../../src/contract/words'
import { makeRealInput } from './real-input'
import { makeWorld, startWorld } from './scholarly'
import { startWeb, type Web } from './web'
import { plainWorks, type WorldWork } from './works'

const { values } = parseArgs({
  options: {
    works: { type: 'string', default: '10' },
    bytes: { type: 'string' },
    via: { type: 'string', default: 'unpaywall' },
    world: { type: 'string' },
    'real-input': { type: 'boolean', default: false },
    port: { type: 'string', default: '0' },
    throttle: { type: 'string' }
  }
})

const port = Number(values.port)
const { web, dois } = values['real-input'] ? await realInput() : await synthetic()
if (values.throttle !== undefined) web.throttle(Number(values.throttle))
const { origin, connectTo, connectToArguments } = web
process.stdout.write(`${JSON.stringify({ origin, connectTo, connectToArguments, dois })}\n`)

const end = (): void => {
  void web.close().then(() => process.exit(0))
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
process.stdin.on('end', end).resume()

async function realInput(): Promise<{ web: Web; dois: readonly string[] }> {
  const input = makeRealInput()
  return { web: await startWeb({ sites: [input.site], port }), dois: input.works.map((work) => work.name) }
}

async function synthetic(): Promise<{ web: Web; dois: readonly string[] }> {
  const works =
    values.world === undefined
      ? plainWorks(Number(values.works), {
          via: values.via.split(',').map(source),
          ...(values.bytes === undefined ? {} : { bytes: Number(values.bytes) })
        })
      : (JSON.parse(readFileSync(values.world, 'utf8')) as WorldWork[])
  const { web } = await startWorld(works, { port })
  return { web, dois: makeWorld(works).works.flatMap((work) => work.doi ?? []) }
}

function source(name: string): SourceName {
  const found = SOURCES.find((each) => each === name)
  if (found === undefined) throw new Error(`${name} is no source: ${SOURCES.join(', ')}.`)
  return found
}
