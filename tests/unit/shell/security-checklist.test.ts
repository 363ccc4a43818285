/**
 * Electron's security checklist, item by item, in its order and wording. Each item has an assertion that can
 * fail; `docs/security.md` is the same list for people. What only a real Electron can show (fuses, the
 * sandbox) is listed there as not run here. Source: Electron documentation, “Security”, checklist of 20
 * recommendations.
 */
import { EventEmitter } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { packaging } from '../../../electron-builder.config'
import { REQUEST_NAMES } from '../../../src/contract/request-names'
import { REQUESTS } from '../../../src/contract/requests'
import { webLink } from '../../../src/main/ipc/web-link'
import { makeLog, type LogLine } from '../../../src/main/platform/log'
import { HOME, isOurs } from '../../../src/main/shell/addresses'
import { mayBeLoaded } from '../../../src/main/shell/allowed'
import { GUARDING_HEADERS, META_POLICY, PAGE_POLICY, pageHeaders } from '../../../src/main/shell/page-policy'
import { pagePreferences } from '../../../src/main/shell/page-preferences'
import { mayAsk } from '../../../src/main/shell/senders'
import { repositoryRoot } from '../../kit/shared'

// The part of Electron that the guard uses: it records handlers so that a test can call them.
const electron = vi.hoisted((): { app: unknown; session: { defaultSession: unknown } } => ({
  app: null,
  session: { defaultSession: null }
}))
vi.mock('electron', () => electron)

type Listener = (...args: never[]) => unknown
class Profile extends EventEmitter {
  readonly handlers = new Map<string, Listener>()
  readonly spelling: boolean[] = []
  setPermissionRequestHandler(handler: Listener): void {
    this.handlers.set('request', handler)
  }
  setPermissionCheckHandler(handler: Listener): void {
    this.handlers.set('check', handler)
  }
  setDevicePermissionHandler(handler: Listener): void {
    this.handlers.set('device', handler)
  }
  setSpellCheckerEnabled(on: boolean): void {
    this.spelling.push(on)
  }
  readonly webRequest = { onBeforeRequest: (handler: Listener) => this.handlers.set('load', handler) }
}
class Page extends EventEmitter {
  opener: (details: { url: string }) => { action: string } = () => ({ action: 'allow' })
  setWindowOpenHandler(handler: (details: { url: string }) => { action: string }): void {
    this.opener = handler
  }
}

const app = new EventEmitter()
const profile = new Profile()
const page = new Page()
const lines: LogLine[] = []

beforeAll(async () => {
  electron.app = app
  electron.session.defaultSession = profile
  const { guardEveryPage, guardTheProfile } = await import('../../../src/main/shell/guard')
  const log = makeLog(
    (line) => lines.push(line),
    'info',
    () => 0
  )
  guardEveryPage(null, log)
  guardTheProfile(null, log)
  app.emit('web-contents-created', {}, page)
})

const prevented = (event: string): boolean => {
  let stopped = false
  page.emit(event, { url: 'https://example.org/', preventDefault: () => (stopped = true) })
  return stopped
}

/** Every source file of main, preload and page, with its text. */
const sources = ['src/main', 'src/preload', 'src/renderer', 'src/contract'].flatMap((folder) =>
  readdirSync(join(repositoryRoot, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|svelte|html)$/.test(entry.name))
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { file: relative(repositoryRoot, path), text: readFileSync(path, 'utf8') }
    })
)
const filesWith = (pattern: RegExp, under = 'src'): readonly string[] =>
  sources.filter(({ file, text }) => file.startsWith(under) && pattern.test(text)).map(({ file }) => file)

const preferences = pagePreferences('/preload.cjs')
const rules = new Map(
  PAGE_POLICY.split('; ').map((rule) => {
    const [name = '', ...values] = rule.split(' ')
    return [name, values]
  })
)

describe('the checklist of Electron', () => {
  test('1. Only load secure content', () => {
    expect(isOurs(HOME, null)).toBe(true)
    for (const address of [
      'http://example.org/a.js',
      'https://example.org/a.js',
      'ws://example.org/',
      'file:///a'
    ]) {
      expect(mayBeLoaded(address, null), address).toBe(false)
      let cancel: unknown = null
      profile.handlers.get('load')?.(
        { url: address } as never,
        ((answer: { cancel: boolean }) => {
          cancel = answer.cancel
        }) as never
      )
      expect(cancel, address).toBe(true)
    }
  })

  test('2. Do not enable Node.js integration for remote content', () => {
    expect(preferences).toMatchObject({
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false
    })
    expect(filesWith(/nodeIntegration\w*['"]?\s*:\s*true/)).toEqual([])
  })

  test('3. Enable context isolation', () => {
    expect(preferences.contextIsolation).toBe(true)
    expect(filesWith(/contextIsolation['"]?\s*:\s*false/)).toEqual([])
  })

  test('4. Enable process sandboxing', () => {
    expect(preferences.sandbox).toBe(true)
    expect(filesWith(/sandbox['"]?\s*:\s*false/)).toEqual([])
    // No code starts a page without the sandbox; a start that had to do without is logged.
    expect(filesWith(/appendSwitch\(['"]no-sandbox|enableSandbox/)).toEqual([])
    expect(packaging.appImage.executableArgs).toEqual([])
  })

  test('5. Handle session permission requests', () => {
    for (const permission of [
      'media',
      'notifications',
      'clipboard-read',
      'geolocation',
      'openExternal',
      'fileSystem'
    ]) {
      const answers: boolean[] = []
      profile.handlers.get('request')?.(
        {} as never,
        permission as never,
        ((given: boolean) => answers.push(given)) as never
      )
      expect(answers, permission).toEqual([false])
      expect(profile.handlers.get('check')?.({} as never, permission as never)).toBe(false)
    }
    expect(profile.handlers.get('device')?.({} as never)).toBe(false)
  })

  test('6. Do not disable webSecurity', () => {
    expect(preferences.webSecurity).toBe(true)
    expect(filesWith(/webSecurity['"]?\s*:\s*false|disable-web-security|bypassCSP['"]?\s*:\s*true/)).toEqual(
      []
    )
  })

  test('7. Define a Content-Security-Policy', () => {
    expect(rules.get('default-src')).toEqual(["'none'"])
    expect(rules.get('script-src')).toEqual(["'self'", "'wasm-unsafe-eval'"])
    expect(rules.get('style-src')).toEqual(["'self'"])
    for (const name of ['frame-ancestors', 'base-uri', 'form-action'])
      expect(rules.get(name)).toEqual(["'none'"])
    expect(PAGE_POLICY).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/)
    // The meta tag in the page has the same policy; it cannot restrict frame ancestors.
    expect(META_POLICY).toBe(PAGE_POLICY.replace("frame-ancestors 'none'; ", ''))
    expect(pageHeaders('text/html')['Content-Security-Policy']).toBe(PAGE_POLICY)
    expect(GUARDING_HEADERS).toMatchObject({
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'no-referrer'
    })
    // The sources contain nothing that a strict policy forbids.
    expect(filesWith(/<[^>]+\sstyle="|\{@html|\beval\(|new Function\(/, 'src/renderer')).toEqual([])
  })

  test('8. Do not enable allowRunningInsecureContent', () => {
    expect(preferences.allowRunningInsecureContent).toBe(false)
    expect(filesWith(/allowRunningInsecureContent['"]?\s*:\s*true/)).toEqual([])
  })

  test('9. Do not enable experimental features', () => {
    expect(preferences.experimentalFeatures).toBe(false)
    expect(filesWith(/experimentalFeatures['"]?\s*:\s*true|enable-experimental/)).toEqual([])
  })

  test('10. Do not use enableBlinkFeatures', () => {
    expect(filesWith(/enableBlinkFeatures|enable-blink-features/)).toEqual([])
    expect(preferences).not.toHaveProperty('enableBlinkFeatures')
  })

  test('11. Do not use allowpopups for WebViews', () => {
    expect(preferences.webviewTag).toBe(false)
    expect(filesWith(/<webview|allowpopups/i)).toEqual([])
  })

  test('12. Verify WebView options before creation', () => {
    expect(prevented('will-attach-webview')).toBe(true)
  })

  test('13. Disable or limit navigation', () => {
    for (const event of ['will-navigate', 'will-frame-navigate', 'will-redirect']) {
      expect(prevented(event), event).toBe(true)
    }
    expect(preferences.navigateOnDragDrop).toBe(false)
    let stopped = false
    profile.emit('will-download', { preventDefault: () => (stopped = true) })
    expect(stopped, 'a download is a way out, too').toBe(true)
  })

  test('14. Disable or limit creation of new windows', () => {
    expect(page.opener({ url: 'https://example.org/' })).toEqual({ action: 'deny' })
    expect(page.opener({ url: HOME })).toEqual({ action: 'deny' })
    expect(filesWith(/new (BrowserWindow|WebContentsView|BrowserView|BaseWindow)\(/)).toEqual([
      'src/main/shell/window.ts'
    ])
  })

  test('15. Do not use shell.openExternal with untrusted content', () => {
    expect(filesWith(/openExternal\(/)).toEqual(['src/main/shell/system-dialogs.ts'])
    const [systemDialogs] = sources.filter(({ file }) => file === 'src/main/shell/system-dialogs.ts')
    expect(systemDialogs?.text.match(/openExternal\([^\n]*/g)).toEqual(['openExternal(webLink(url)),'])
    expect(webLink('https://doi.org/10.1/x')).toBe('https://doi.org/10.1/x')
    for (const address of [
      'file:///etc/passwd',
      'javascript:alert(1)',
      'ms-msdt:x',
      'smb://host/x',
      'https://me:pw@example.org/',
      'x'
    ]) {
      expect(() => webLink(address), address).toThrow()
    }
  })

  test('16. Use a current version of Electron', () => {
    const { devDependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as {
      devDependencies: Record<string, string>
    }
    const major = Number(/\d+/.exec(devDependencies['electron'] ?? '')?.[0])
    // Electron supports its last three majors; this number is raised with every release of Sheaf.
    expect(major).toBeGreaterThanOrEqual(45)
  })

  test('17. Validate the sender of all IPC messages', () => {
    const frame = { url: HOME, isMain: true }
    expect(mayAsk({ inOurWindow: true, frame }, null)).toBe(true)
    expect(mayAsk({ inOurWindow: true, frame: { ...frame, url: 'https://example.org/' } }, null)).toBe(false)
    expect(mayAsk({ inOurWindow: true, frame: { ...frame, isMain: false } }, null)).toBe(false)
    // There is one handler, and it checks the sender first.
    expect(filesWith(/ipcMain\.(handle|on|once|handleOnce)\(/)).toEqual(['src/main/shell/transport.ts'])
    const [transport] = sources.filter(({ file }) => file === 'src/main/shell/transport.ts')
    expect(transport?.text).toMatch(
      /ipcMain\.handle\(REQUEST_CHANNEL,[^{]*=> \{\s*if \(!mayAsk\(senderOf\(event\)/
    )
    // Input is checked too: every request has a schema that refuses unknown fields.
    for (const name of REQUEST_NAMES) {
      expect(REQUESTS[name].input.safeParse({ nobodyKnowsThis: 1 }).success, name).toBe(false)
    }
  })

  test('18. Avoid the file:// protocol and prefer custom protocols', () => {
    expect(HOME).toBe('sheaf://app/index.html')
    expect(filesWith(/loadFile\(|loadURL\(['"`]file:/)).toEqual([])
    expect(packaging.electronFuses.grantFileProtocolExtraPrivileges).toBe(false)
  })

  test('19. Check which fuses you can change', () => {
    expect(packaging.electronFuses).toMatchObject({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false
    })
  })

  test('20. Do not expose Electron APIs to untrusted web content', () => {
    const preload = sources.filter(({ file }) => file.startsWith('src/preload/'))
    expect(preload.map(({ file }) => file)).toEqual(['src/preload/index.ts'])
    const text = preload[0]?.text ?? ''
    expect(text.match(/exposeInMainWorld\([^\n]*/g)).toEqual([
      "exposeInMainWorld('sheaf', { ...surface, on, version })"
    ])
    // Neither ipcRenderer nor its event reaches the page: a listener gets the payload only.
    expect(text).not.toMatch(/:\s*ipcRenderer\b|\.\.\.ipcRenderer|listener\(_/)
    expect(filesWith(/from ['"]electron['"]/, 'src/renderer')).toEqual([])
    expect(filesWith(/@electron\/remote|enableRemoteModule/)).toEqual([])
  })

  test('every refusal is logged', () => {
    prevented('will-navigate')
    expect(lines.some(({ level, sentence }) => level === 'warn' && sentence.includes('refused'))).toBe(true)
  })
})

test('docs/security.md has the same twenty items', () => {
  const path = join(repositoryRoot, 'docs/security.md')
  expect(existsSync(path)).toBe(true)
  const rows = readFileSync(path, 'utf8').match(/^\| +\d+ +\|/gm) ?? []
  expect(rows.map((row) => Number(/\d+/.exec(row)?.[0]))).toEqual(
    Array.from({ length: 20 }, (_, at) => at + 1)
  )
})
