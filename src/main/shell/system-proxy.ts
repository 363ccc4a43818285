/**
 * The system's proxy settings, including its PAC script, as read by Chromium. `net/proxy.ts` parses the
 * answer. Source: Electron, `session.resolveProxy`.
 */
import { session } from 'electron'

export const systemProxy = (url: string): Promise<string> => session.defaultSession.resolveProxy(url)
