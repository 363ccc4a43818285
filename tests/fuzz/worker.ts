/**
 * The process that feeds the readers. It writes each input to disk before it is read, so that the runner can
 * keep the one on which this process hung, died or grew. Arguments: folder, fixtures, seed, and the readers
 * to feed (all when empty).
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isSheafError } from '../../src/contract/errors'
import { TEXT_READERS } from '../kit/text-readers'
import { seededRandom, mutate } from './mutate'
import { makeWorldReaders } from './world-readers'

export interface ReaderRuns {
  readonly reader: string
  readonly runs: number
  readonly slowestMs: number
}

const [folder = '', fixtures = '', seedText = '1', only = ''] = process.argv.slice(2)
const seed = Number(seedText)
const { below, pick } = seededRandom(seed)
/** Above it the process ends and another continues, so that memory above the limit belongs to one input. */
const MOST_RESIDENT = 330_000_000
const MOST_SEED_BYTES = 300_000
const SEEDS_EACH = 40

interface Target {
  readonly name: string
  readonly read: (bytes: Buffer) => unknown
  readonly seeds: readonly Buffer[]
  /** how often it is chosen */
  readonly weight: number
}

const send = (message: unknown): void => void process.send?.(message)
const current = join(folder, 'current')
/** Sends the input too: when the runner gets the message, the next input is being read. */
let input: Buffer = Buffer.alloc(0)
const finding = (kind: string, reader: string, detail: string): void => {
  send({ type: 'finding', kind, reader, detail: detail.slice(0, 600), input: input.toString('base64') })
}

function seedsOf(sources: readonly (readonly [string, string])[] = []): Buffer[] {
  return sources.flatMap(([place, ending]) =>
    readdirSync(join(fixtures, place))
      .filter((name) => name.endsWith(ending) && !name.endsWith('.meta.json'))
      .map((name) => readFileSync(join(fixtures, place, name)))
      .filter((bytes) => bytes.length <= MOST_SEED_BYTES)
      .slice(0, SEEDS_EACH)
  )
}

async function targets(): Promise<Target[]> {
  const texts = Object.entries(TEXT_READERS).map(([name, reader]): Target => ({
    name,
    read: (bytes) => reader.read(bytes.toString('utf8')),
    seeds: [...seedsOf(reader.seeds), ...(reader.samples ?? []).map((text) => Buffer.from(text))],
    weight: 4
  }))
  let reader = ''
  const world = await makeWorldReaders(folder, (what) => {
    finding('outside', reader, what)
  })
  const others = Object.entries(world).map(([name, one]): Target => ({
    name,
    read: (bytes) => {
      reader = name
      return one.read(bytes)
    },
    seeds: [...seedsOf(one.seeds), ...(one.samples ?? [])],
    weight: 4
  }))
  return [...texts, ...others]
}

mkdirSync(folder, { recursive: true })
const all = await targets()
const weighted = all
  .filter(({ name }) => only === '' || only.split(',').includes(name))
  .flatMap((target) => Array.from({ length: target.weight }, () => target))
const done = new Map<string, { runs: number; slowestMs: number }>()
let lastSent = performance.now()

for (let run = 1; ; run += 1) {
  const target = pick(weighted)
  input = mutate(pick(target.seeds), pick(pick(all).seeds), { below, pick })
  writeFileSync(current, Buffer.concat([Buffer.from(`${String(run)}\t${target.name}\n`), input]))
  const began = performance.now()
  try {
    await target.read(input)
  } catch (error) {
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
    // A refusal with a code is a valid answer.
    if (!isSheafError(error)) finding('threw', target.name, detail)
  }
  const known = done.get(target.name) ?? { runs: 0, slowestMs: 0 }
  known.runs += 1
  known.slowestMs = Math.max(known.slowestMs, performance.now() - began)
  done.set(target.name, known)
  if (performance.now() - lastSent > 500) {
    lastSent = performance.now()
    send({ type: 'done', runsSince: [...done].map(([reader, one]): ReaderRuns => ({ reader, ...one })) })
    done.clear()
    // Messages are read and sent between turns of the event loop.
    await new Promise((resolve) => setImmediate(resolve))
    if (process.memoryUsage.rss() > MOST_RESIDENT) break
  }
}
writeFileSync(current, '0\tnone\n')
send({ type: 'spent', runsSince: [] })
process.disconnect()
process.exit(0)
