/**
 * The bridge between page and main. It is sandboxed; it exposes exactly the table of requests
 * (`sheaf.plan.read(…)`, `sheaf.settings.set(…)`) and `sheaf.on(event, listener)`, and does not grow with
 * features. Names outside of the table are refused here; main validates the inputs.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron'
import { version } from '../../package.json'
import { EVENT_NAMES, type EventName } from '../contract/event-names'
import { EVENT_CHANNEL, REQUEST_CHANNEL, REQUEST_NAMES } from '../contract/request-names'

type Ask = (input: unknown) => Promise<unknown>

const surface: Record<string, Record<string, Ask>> = {}
for (const name of REQUEST_NAMES) {
  const [group = '', verb = ''] = name.split('.')
  const verbs = (surface[group] ??= {})
  verbs[verb] = (input) => ipcRenderer.invoke(REQUEST_CHANNEL, name, input)
}

/** Calls `listener` with every payload of `name`; returns how to unsubscribe. Unknown names are refused. */
function on(name: EventName, listener: (payload: unknown) => void): () => void {
  if (!EVENT_NAMES.includes(name)) throw new Error(`There is no event ${name.slice(0, 60)}.`)
  const take = (_: IpcRendererEvent, sent: unknown, payload: unknown): void => {
    if (sent === name) listener(payload)
  }
  ipcRenderer.on(EVENT_CHANNEL, take)
  return () => {
    ipcRenderer.off(EVENT_CHANNEL, take)
  }
}

contextBridge.exposeInMainWorld('sheaf', { ...surface, on, version })
