/**
 * What the app assumes about its host, checked with a small app that is not Sheaf. The same checks run on
 * real Electron and on the stand-in, so that the stand-in cannot diverge.
 */
import { join } from 'node:path'
import type { ElectronApplication, Page } from 'playwright'
import { expect, test } from 'playwright/test'
import { killHard, makeFolder, startBeside, startElectron } from '../kit/electron-host'

const appPath = join(import.meta.dirname, 'host-app')

interface Seen {
  readonly events: string[]
  readonly second: { readonly argv: readonly string[]; readonly data: unknown }[]
  readonly opened: string[]
  readonly refused: string[]
  vetoes: number
}
interface Bridge {
  readonly required: Readonly<Record<string, string>>
  readonly process: Readonly<Record<string, unknown>>
  ask(channel: string, ...args: readonly unknown[]): Promise<unknown>
  say(value: unknown): void
  plain(a: unknown, b: unknown): unknown
  fail(): never
  on(listener: (value: number) => void): () => void
}
declare const host: Bridge
declare const seen: Seen

let folder: ReturnType<typeof makeFolder>
let app: ElectronApplication
let page: Page

test.beforeEach(async () => {
  folder = makeFolder('host')
  app = await startElectron({ appPath, userData: folder.path })
  page = await app.firstWindow()
  await expect(page.locator('#script')).toHaveText('run')
})
test.afterEach(async () => {
  await app.close()
  await folder.remove()
})

async function look<K extends keyof Seen>(what: K): Promise<Seen[K]> {
  const all = await app.evaluate(() => (globalThis as unknown as { seen: Seen }).seen)
  return all[what]
}

test('the page has no Node, and its content security policy is enforced', async () => {
  const found = await page.evaluate(() => ({
    require: typeof (globalThis as Record<string, unknown>)['require'],
    process: typeof (globalThis as Record<string, unknown>)['process'],
    preload: typeof (globalThis as Record<string, unknown>)['ofThePreload'],
    frozen: Object.isFrozen(host) && Object.isFrozen(host.required)
  }))
  expect(found).toEqual({ require: 'undefined', process: 'undefined', preload: 'undefined', frozen: true })
  await expect(page.locator('#inline')).toHaveText('not run')
})

test('the preload is sandboxed', async () => {
  expect(await page.evaluate(() => host.required)).toEqual({
    electron: 'given',
    timers: 'given',
    url: 'given',
    'node:fs': 'module not found: node:fs',
    child_process: 'module not found: child_process'
  })
  expect(await page.evaluate(() => host.process)).toEqual({
    type: 'renderer',
    sandboxed: true,
    isolated: true
  })
})

test('values cross the bridge unchanged in both directions', async () => {
  const same = await page.evaluate(async () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, index) => index % 256)
    const value = {
      text: 'é\u0000😀',
      numbers: [0, -1.5, 2 ** 53, NaN, Infinity],
      nothing: null,
      undefined: undefined,
      date: new Date(86_400_000),
      map: new Map([['a', new Set([1, 2])]]),
      bytes
    }
    const back = (await host.ask('echo', value)) as typeof value
    return {
      text: back.text === value.text,
      numbers: back.numbers.every((one, index) => Object.is(one, value.numbers[index])),
      keys: Object.keys(back).length,
      date: back.date.getTime(),
      set: [...(back.map.get('a') ?? [])],
      isBytes: back.bytes instanceof Uint8Array,
      bytes: back.bytes.length === bytes.length && back.bytes.every((one, index) => one === index % 256)
    }
  })
  expect(same).toEqual({
    text: true,
    numbers: true,
    keys: 7,
    date: 86_400_000,
    set: [1, 2],
    isBytes: true,
    bytes: true
  })
  expect(await page.evaluate(() => host.plain('a', 'b'))).toBe('ab')
})

test('values that cannot cross are refused, and errors keep only their message', async () => {
  const results = await page.evaluate(async () => {
    const say = (error: unknown): string => (error as Error).message
    const proxy: object = new Proxy({}, {})
    return {
      fail: await host.ask('fail').catch(say),
      nobody: await host.ask('nobody').catch(say),
      unclonable: await host.ask('unclonable').catch(say),
      fn: await host.ask('echo', () => undefined).catch(say),
      proxy: await Promise.resolve()
        .then(() => host.ask('echo', proxy))
        .catch(say),
      inPreload: (() => {
        try {
          host.fail()
        } catch (error) {
          return say(error)
        }
      })()
    }
  })
  expect(results).toEqual({
    fail: "Error invoking remote method 'fail': TypeError: on purpose",
    nobody: "Error invoking remote method 'nobody': Error: No handler registered for 'nobody'",
    unclonable: "Error invoking remote method 'unclonable': Error: An object could not be cloned.",
    fn: 'An object could not be cloned.',
    proxy: 'An object could not be cloned.',
    inPreload: 'in the preload'
  })
})

test('messages arrive in order, and stop when the listener is removed', async () => {
  const heard = await page.evaluate(async () => {
    const got: number[] = []
    const off = host.on((value) => got.push(value))
    await host.ask('push', 200)
    while (got.length < 200) await new Promise((next) => setTimeout(next, 5))
    off()
    await host.ask('push', 5)
    await host.ask('echo', 'after')
    return got
  })
  expect(heard).toEqual(Array.from({ length: 200 }, (_, index) => index))
  await page.evaluate(() => {
    host.say(7)
  })
  await expect.poll(() => look('events')).toContain('heard 7')
})

test('the sender of a message has the address that the app loaded', async () => {
  expect(await page.evaluate(() => host.ask('sender'))).toEqual({
    url: 'host://app/index.html',
    isMain: true,
    inWindow: true
  })
})

test('the app’s own scheme serves bytes and ranges, also to workers', async () => {
  const got = await page.evaluate(async () => {
    const whole = await fetch('/bytes')
    const part = await fetch('/bytes', { headers: { Range: 'bytes=250-260' } })
    const asked = await fetch('/asked?q=1', { method: 'POST', body: 'told' })
    const inWorker = await new Promise((done, failed) => {
      const worker = new Worker('/worker.js')
      worker.onmessage = (event) => {
        done(event.data)
      }
      worker.onerror = () => {
        failed(new Error('the worker could not be loaded'))
      }
      worker.postMessage('go')
    })
    return {
      whole: [whole.status, (await whole.arrayBuffer()).byteLength],
      part: [part.status, part.headers.get('content-range'), ...new Uint8Array(await part.arrayBuffer())],
      asked: (await asked.json()) as unknown,
      missing: (await fetch('/nothing')).status,
      inWorker,
      isSecure: isSecureContext
    }
  })
  expect(got).toEqual({
    whole: [200, 1_000],
    part: [206, 'bytes 250-260/1000', 250, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
    asked: { url: 'host://app/asked?q=1', method: 'POST', body: 'told' },
    missing: 404,
    inWorker: [10, 11, 12, 13, 14, 15, 16, 17, 18, 19],
    isSecure: true
  })
})

test('a page cannot navigate, open windows, load remote content or get permissions', async () => {
  await page.evaluate(() => {
    location.href = 'https://elsewhere.example/page'
  })
  await expect.poll(() => look('refused')).toEqual(['https://elsewhere.example/page'])
  expect(await page.evaluate(() => window.open('https://elsewhere.example/window') === null)).toBe(true)
  await expect.poll(() => look('opened')).toEqual(['https://elsewhere.example/window'])
  await expect.poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  const rest = await page.evaluate(async () => ({
    here: document.title,
    elsewhere: await fetch('https://elsewhere.example/data').then(
      () => 'loaded',
      () => 'refused'
    ),
    location: (await navigator.permissions.query({ name: 'geolocation' })).state,
    notifications: Notification.permission
  }))
  expect(rest).toEqual({ here: 'Host', elsewhere: 'refused', location: 'denied', notifications: 'denied' })
})

test('the bridge exists again after a reload', async () => {
  await page.reload()
  await expect(page.locator('#script')).toHaveText('run')
  expect(await page.evaluate(() => host.ask('echo', 1))).toBe(1)
  const events = await look('events')
  expect(events.filter((name) => name === 'did-finish-load')).toHaveLength(2)
})

test('the page sees the theme of the app', async () => {
  const isDark = (): Promise<boolean> =>
    page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  for (const theme of ['dark', 'light'] as const) {
    await app.evaluate(({ nativeTheme }, source) => {
      nativeTheme.themeSource = source
    }, theme)
    await expect.poll(isDark).toBe(theme === 'dark')
  }
})

test('a second start hands its arguments over and exits', async () => {
  const file = '/tmp/some papers.bib'
  expect(await startBeside({ appPath, userData: folder.path, args: [file] })).toBe(0)
  await expect.poll(async () => (await look('second')).length).toBe(1)
  const [start] = await look('second')
  expect(start?.argv).toContain(file)
  expect(start?.data).toEqual({ greeting: 'hello' })
  expect(await page.evaluate(() => host.ask('echo', 'still here'))).toBe('still here')
})

test('events arrive in Electron’s order, and a window can refuse to close', async () => {
  // The time of the first paint is not deterministic; later window events have a fixed order.
  await expect.poll(() => look('events')).toContain('ready-to-show')
  await app.evaluate(() => {
    seen.vetoes = 1
  })
  await app.evaluate(({ BrowserWindow }) => {
    BrowserWindow.getAllWindows()[0]?.close()
  })
  await expect.poll(() => look('events')).toContain('close')
  expect(await page.evaluate(() => document.title)).toBe('Host')
  let said = ''
  app.process().stdout?.on('data', (text) => (said += String(text)))
  const ended = new Promise((done) => app.process().once('exit', done))
  await app
    .evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.close()
    })
    .catch(() => undefined)
  expect(await ended).toBe(0)
  const order = /in order: (.*)/.exec(said)?.[1]?.split(', ') ?? []
  const expected = ['close', 'close', 'closed', 'window-all-closed', 'before-quit', 'will-quit', 'quit']
  expect(order[0]).toBe('ready')
  expect(order.filter((name) => /^(did|dom)/.test(name))).toEqual([
    'did-navigate',
    'dom-ready',
    'did-finish-load'
  ])
  expect(order).toContain('ready-to-show')
  expect(order.slice(-expected.length)).toEqual(expected)
})

test('a killed app leaves nothing that prevents the next start', async () => {
  await killHard(app)
  app = await startElectron({ appPath, userData: folder.path })
  page = await app.firstWindow()
  await expect(page.locator('#script')).toHaveText('run')
  expect(await app.evaluate(({ app: own }) => own.hasSingleInstanceLock())).toBe(true)
})
