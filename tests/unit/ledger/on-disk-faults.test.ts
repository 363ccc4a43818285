/**
 * A ledger on disk against a model of what was acknowledged: random transactions, rollbacks, snapshots,
 * closes, kills, and one fault at a time in a random file. A damaged snapshot loses nothing; a damaged
 * journal is reported, and the recovered state is one that existed. No file stays open.
 */
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Ledger } from '../../../src/main/ledger/ledger'
import { setMeta } from '../../../src/main/ledger/meta'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import { isSheafError } from '../../../src/contract/errors'
import type { FileAtOnce, Files } from '../../../src/main/platform/files'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { makeWorld, type World } from './ledger-world'

let world: World
beforeEach(() => {
  world = makeWorld()
})
afterEach(async () => {
  await world.end()
})

type Rows = ReadonlyMap<string, string>
interface Fault {
  readonly name: string
  readonly sound: Buffer
  readonly damaged: Buffer
}

/** mulberry32 (public domain, T. Ettinger) */
function randomFrom(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

class Play {
  private readonly below: (below: number) => number
  /** the acknowledged state after each commit */
  private readonly states: Rows[] = [new Map()]
  private ledger: Ledger | null = null
  private pid = 0
  readonly openFiles = new Set<FileAtOnce>()
  readonly happened: string[] = []

  constructor(
    private readonly folder: string,
    private readonly world: World,
    seed: number
  ) {
    this.below = randomFrom(seed)
  }

  async round(): Promise<void> {
    const at = this.below(100)
    if (at < 45) await this.commit()
    else if (at < 55) this.takeBack()
    else if (at < 70) await this.reopen('close')
    else if (at < 78) await this.reopen('kill')
    else if (at < 79) await this.snapshot()
    else if (at < 90) await this.faultWhileClosed()
    else await this.faultWhileOpen()
  }

  async open(): Promise<Ledger> {
    this.pid += 1
    const files: Files = { ...nodeFiles, openAtOnce: (path) => this.tracked(nodeFiles.openAtOnce(path)) }
    const host = this.world.host({ pid: this.pid, files })
    this.ledger = await openLedger(host, { folder: this.folder, sizes: { onDiskBytes: 0 } })
    return this.ledger
  }

  async end(how: 'close' | 'kill'): Promise<void> {
    if (how === 'close') await this.ledger?.close()
    else for (const file of this.openFiles) file.close()
    this.world.alive.delete(this.pid)
    this.ledger = null
    expect(this.openFiles.size).toBe(0)
  }

  private async reopen(how: 'close' | 'kill'): Promise<void> {
    this.happened.push(how)
    await this.end(how)
    const ledger = await this.open()
    expect(ledger.recovery.damage).toBeNull()
    expect(isSame(rowsOf(ledger), this.last())).toBe(true)
  }

  private async snapshot(): Promise<void> {
    this.happened.push('snapshot')
    await (await this.opened()).snapshot()
  }

  private async commit(): Promise<void> {
    const ledger = await this.opened()
    const rows = new Map(this.last())
    const number = String(this.states.length)
    this.happened.push(`commit ${number}`)
    await ledger.commit((w) => {
      for (let n = this.below(30); n >= 0; n -= 1) {
        const key = `row ${String(this.below(400))}`
        if (this.below(4) === 0) {
          w.run('DELETE FROM _meta WHERE key = ?', [key])
          rows.delete(key)
        } else {
          const value = `${String(this.below(1_000_000))} `.repeat(this.below(600))
          setMeta(w, key, value)
          rows.set(key, value)
        }
      }
      setMeta(w, 'row number', number)
      rows.set('row number', number)
    })
    this.states.push(rows)
  }

  private takeBack(): void {
    const { ledger } = this
    if (ledger === null) return
    this.happened.push('rollback')
    expect(() =>
      ledger.transact((w) => {
        for (let n = 0; n < 50; n += 1)
          setMeta(w, `row ${String(this.below(500))}`, 'x'.repeat(this.below(3_000)))
        throw new Error('taken back')
      })
    ).toThrow('taken back')
  }

  private async faultWhileClosed(): Promise<void> {
    await this.end(this.below(2) === 0 ? 'close' : 'kill')
    const fault = this.damage(/^(ledger\.sqlite(\.previous|\.sums)?|journal-\d+\.log)$/)
    if (fault !== null) await this.expectRecovered(fault)
  }

  private async faultWhileOpen(): Promise<void> {
    await this.opened()
    const fault = this.damage(/^ledger\.sqlite(\.previous)?$/)
    if (fault === null) return
    try {
      if (this.below(2) === 0) await this.commit()
    } catch (error) {
      if (!isSheafError(error, 'LEDGER_DAMAGED')) throw error
    }
    await this.end(this.below(2) === 0 ? 'close' : 'kill')
    await this.expectRecovered(fault)
  }

  /** The next opening after the one that met the damage has everything. */
  private async expectRecovered(fault: Fault): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      const ledger = await this.open()
      try {
        this.expectState(ledger, rowsOf(ledger), fault)
        break
      } catch (error) {
        if (!isSheafError(error, 'LEDGER_DAMAGED') || tries > 1) throw error
        await this.end('close')
      }
    }
    await this.end('close')
    // Harmless damage must not add up with the next fault.
    for (const name of [fault.name, 'ledger.sqlite', 'ledger.sqlite.previous']) {
      const path = join(this.folder, name)
      if (existsSync(path) && readFileSync(path).equals(fault.damaged)) writeFileSync(path, fault.sound)
    }
    await this.open()
  }

  private expectState(ledger: Ledger, rows: Rows, { name }: Fault): void {
    const number = Number(rows.get('row number') ?? 0)
    this.happened.push(`recovered ${String(number)}`)
    expect(isSame(rows, this.states[number])).toBe(true)
    if (number === this.states.length - 1) return
    expect(name).toMatch(/journal/)
    expect(ledger.recovery.damage).toMatchObject({ complete: false })
    this.states.length = number + 1
  }

  private damage(which: RegExp): Fault | null {
    const names = readdirSync(this.folder)
      .filter((name) => which.test(name))
      .sort()
    const name = names[this.below(names.length)]
    if (name === undefined) return null
    const path = join(this.folder, name)
    const sound = readFileSync(path)
    const at = this.below(sound.length)
    if (this.below(6) === 0 && !name.startsWith('journal')) truncateSync(path, at)
    else {
      const bytes = Buffer.from(sound)
      bytes[at] = (bytes[at] ?? 0) ^ (1 << this.below(8))
      writeFileSync(path, bytes, { flag: 'r+' })
    }
    this.happened.push(`${name} ${String(at)} of ${String(sound.length)}`)
    return { name, sound, damaged: readFileSync(path) }
  }

  private tracked(file: FileAtOnce): FileAtOnce {
    const own: FileAtOnce = {
      ...file,
      close: () => {
        expect(this.openFiles.delete(own)).toBe(true)
        file.close()
      }
    }
    this.openFiles.add(own)
    return own
  }

  private async opened(): Promise<Ledger> {
    return this.ledger ?? (await this.open())
  }

  private last(): Rows {
    return this.states.at(-1) ?? new Map()
  }
}

function rowsOf(ledger: Ledger): Rows {
  const rows = ledger.read((r) => r.all(`SELECT key, value FROM _meta WHERE key GLOB 'row *'`))
  return new Map(rows.map((row) => [String(row['key']), String(row['value'])]))
}

function isSame(found: Rows, wanted: Rows | undefined): boolean {
  return found.size === wanted?.size && [...found].every(([key, value]) => wanted.get(key) === value)
}

for (const seed of [1, 2, 3]) {
  test(`random faults, seed ${String(seed)}: everything acknowledged is recovered, or its damage is reported`, async () => {
    const play = new Play(world.folder, world, seed)
    try {
      for (let n = 0; n < 100; n += 1) await play.round()
      await play.end('close')
    } catch (error) {
      throw new Error(`after ${play.happened.slice(-12).join(', ')}`, { cause: error })
    }
  }, 60_000)
}
