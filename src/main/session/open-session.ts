/**
 * Opens the session of one data folder, whatever the state of the ledger; only the folder itself can be
 * refused.
 */
import type { Host } from '../platform/host'
import { LiveSession } from './session'
import type { Session, SessionParts } from './session-api'
import { SessionEvents } from './session-events'
import { LiveSettings } from './settings-live'
import { UiMemory } from './ui-memory'

export async function openSession(host: Host, parts: SessionParts): Promise<Session> {
  const settings = await LiveSettings.load(host, parts.dataDir)
  const { memory, damaged } = await UiMemory.read(host, parts.dataDir)
  const events = new SessionEvents()
  if (damaged !== null) {
    events.notice('The screens’ saved state was damaged and is reset.', `It was kept as ${damaged}.`)
  }
  const session = new LiveSession(host, parts, { settings, memory, events })
  await parts.beforeOpening?.(session)
  await session.openOwn()
  return session
}
