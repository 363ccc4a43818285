import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { jsonLines } from '../../../src/main/cli/json-lines'
import { isGoneReader, bufferedWriter } from '../../../src/main/cli/buffered-writer'
import { showProgress } from '../../../src/main/cli/command-context'
import { makeScreen } from '../../../src/main/cli/screen'

/** A reader that takes nothing until `open` is called. */
class SlowReader extends Writable {
  readonly got: string[] = []
  private waiting: (() => void)[] = []
  private isOpen = false
  constructor() {
    super({ highWaterMark: 64 })
  }
  override _write(chunk: Buffer, _: string, done: () => void): void {
    const take = (): void => {
      this.got.push(chunk.toString())
      done()
    }
    if (this.isOpen) take()
    else this.waiting.push(take)
  }
  open(): void {
    this.isOpen = true
    for (const take of this.waiting.splice(0)) take()
  }
  get lines(): unknown[] {
    return this.got
      .join('')
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as unknown)
  }
}

const progress = (bytes: number, job = 'a') => ({ type: 'progress' as const, job_id: job, bytes })
const state = { type: 'state' as const, job_id: 'a', from: 'PLANNED' as const, to: 'LEASED' as const }

describe('JSON lines and a slow reader', () => {
  it('keeps every line except progress, of which only the newest is kept while the reader is behind', async () => {
    const reader = new SlowReader()
    const writer = bufferedWriter(reader, () => undefined)
    const lines = jsonLines(writer)
    for (let n = 0; n < 50; n += 1) lines.write({ type: 'job', job_id: `job-${n}` })
    expect(writer.isBehind).toBe(true)
    for (let n = 1; n <= 1000; n += 1) lines.write(progress(n))
    lines.write(state)
    lines.write(progress(2000))
    lines.flush()
    reader.open()
    await writer.finish()
    const rest = reader.lines.slice(50)
    expect(reader.lines).toHaveLength(53)
    expect(rest).toEqual([progress(1000), state, progress(2000)])
  })

  it('writes lines of a plan in order with the lines between them', async () => {
    const reader = new SlowReader()
    reader.open()
    const writer = bufferedWriter(reader, () => undefined)
    const lines = jsonLines(writer)
    const planned = (n: number) => ({ type: 'planned', job_id: `job-${String(n)}`, title: 'x'.repeat(100) })
    const sent: { readonly type: string }[] = []
    for (let n = 0; n < 2000; n += 1) sent.push(n % 700 === 5 ? state : planned(n))
    for (const line of sent) lines.write(line)
    await Promise.resolve()
    lines.write(planned(2000))
    lines.flush()
    await writer.finish()
    expect(reader.lines).toEqual([...sent, planned(2000)])
  })

  it('`drained` waits for the reader', async () => {
    const reader = new SlowReader()
    const writer = bufferedWriter(reader, () => undefined)
    writer.write('x'.repeat(200))
    let isDrained = false
    const drained = writer.drained().then(() => {
      isDrained = true
    })
    await new Promise((go) => setTimeout(go, 10))
    expect(isDrained).toBe(false)
    reader.open()
    await drained
    expect(isDrained).toBe(true)
  })
})

describe('a reader that closes its end', () => {
  it('is reported once; later writes are dropped and `drained` and `finish` resolve', async () => {
    const errors: unknown[] = []
    const gone = Object.assign(new Error('broken'), { code: 'EPIPE' })
    const stream = new Writable({
      write: (_chunk, _encoding, done) => {
        done(gone)
      }
    })
    const writer = bufferedWriter(stream, (error) => errors.push(error))
    writer.write('one\n')
    await new Promise((go) => setTimeout(go, 5))
    writer.write('two\n')
    await writer.drained()
    await writer.finish()
    expect(errors).toEqual([gone])
    expect(isGoneReader(errors[0])).toBe(true)
    expect(writer.isBroken).toBe(true)
  })
})

describe('the screen', () => {
  const output = (isTerminal: boolean): string => {
    const got: string[] = []
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        got.push(chunk.toString())
        done()
      }
    })
    const screen = makeScreen(
      bufferedWriter(stream, () => undefined),
      () => ({ isTerminal, columns: 80 })
    )
    screen.show(['one', 'two'])
    screen.show(['one', 'two'])
    screen.say('a sentence')
    screen.show(['three'])
    return got.join('')
  }
  it('on a terminal, erases the live lines before a permanent one', () => {
    expect(output(true)).toBe('one\ntwo\n\u001b[1A\u001b[2K\u001b[1A\u001b[2Ka sentence\nthree\n')
  })
  it('without a terminal, writes permanent lines only', () => {
    expect(output(false)).toBe('a sentence\n')
  })

  const live = { quiet: false, json: false, isLive: true }
  it.each([
    ['for people on a terminal', live, [['Checked 1 of 2 files'], []]],
    ['not with --quiet', { ...live, quiet: true }, []],
    ['not with --json', { ...live, json: true }, []],
    ['not without a terminal', { ...live, isLive: false }, []]
  ])('shows progress %s', (_, how, expected) => {
    const shown: (readonly string[])[] = []
    const context = {
      lines: how.json ? { write: () => undefined } : null,
      invocation: { quiet: how.quiet },
      screen: { isLive: how.isLive, show: (lines: readonly string[]) => void shown.push(lines) }
    }
    showProgress(context, 'Checked 1 of 2 files')
    showProgress(context, null)
    expect(shown).toEqual(expected)
  })
})
