/**
 * The system's proxy settings, its PAC script among them, as Chromium reads them. The answer is understood
 * in `net/proxy.ts`. Source: Electron, `session.resolveProxy`.
 */
import { session } from 'electron'

export const systemProxy = (url: string): Promise<string> => session.defaultSession.resolveProxy(url)
