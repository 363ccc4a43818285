/**
 * The live sink: appends telemetry events to a JSON Lines file while Sheaf runs, when
 * `DOCSTOKG_TELEMETRY_SINK` names one. A large file is rotated, and five are kept. A failing sink only causes
 * one warning.
 */
import { resolve } from 'node:path'
import type { Reader } from '../../ledger/ledger'
import type { Host } from '../../platform/host'
import { telemetryTimeline, type TelemetryEvent } from './events'
import { telemetryLines } from './write-telemetry'
import { OneAtATime } from '../../platform/one-at-a-time'
import { appendRotated } from '../../platform/rotate-file'

export const SINK_VARIABLE = 'DOCSTOKG_TELEMETRY_SINK'
const EVERY_MS = 5_000
/** Events may be recorded shortly after they happened. */
const OVERLAP_SECONDS = 60
const ROTATION = { atBytes: 10_000_000, keep: 5 }

export interface TelemetrySink {
  /** Writes what is pending. Never rejects. */
  close(): Promise<void>
}

export function openTelemetrySink(
  host: Pick<Host, 'clock' | 'env' | 'files' | 'log'>,
  read: <T>(ask: (reader: Reader) => T) => T
): TelemetrySink {
  const named = host.env[SINK_VARIABLE]?.trim() ?? ''
  if (named === '') return { close: () => Promise.resolve() }
  const path = resolve(named)
  const beganAt = host.clock.now()
  const written = new Map<string, number>()
  let since = beganAt
  let failed = false
  const writes = new OneAtATime()

  const write = async (): Promise<void> => {
    if (failed) return
    try {
      const { events } = telemetryTimeline(read, { since, withUrls: false })
      const fresh = [...events].filter((event) => !written.has(keyOf(event)))
      const text = [...telemetryLines(fresh)].join('')
      if (fresh.length > 0) await appendRotated(host.files, path, { text, rotation: ROTATION })
      for (const event of fresh) written.set(keyOf(event), event.at)
      since = Math.max(beganAt, host.clock.now() - OVERLAP_SECONDS)
      for (const [key, at] of written) if (at < since) written.delete(key)
    } catch (error) {
      failed = true
      host.log.warn(`The telemetry sink ${path} cannot be written; it is left alone`, {
        because: String(error)
      })
    }
  }
  const stop = host.clock.every(EVERY_MS, () => void writes.run(write))
  return {
    close() {
      stop()
      return writes.run(write)
    }
  }
}

const keyOf = (event: TelemetryEvent): string => JSON.stringify(event)
