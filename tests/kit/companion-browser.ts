/**
 * A browser with the companion in it. Where a whole Chromium is installed the extension is loaded as a real
 * one. Chromium's headless shell loads no extensions: there the extension's files are served from loopback,
 * and `chrome.*` is a thin adapter. The adapter replaces storage (an object), tabs (Playwright's pages),
 * scripts in a tab (run in the page's own world), and the extension's origin (set by a proxy in front of
 * Sheaf, as the browser would). Permissions, the context menu and the browser's own PDF viewer exist in a
 * real browser only.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { repositoryRoot } from './shared'

const FILES = join(repositoryRoot, 'resources/companion')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.png': 'image/png'
}
/** Whole browsers; branded Chrome supports no `--load-extension` since version 137. */
const WHOLE = [
  process.env['COMPANION_CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  chromium.executablePath()
]
const SHELL = '/usr/bin/chromium-headless-shell'
const ORIGIN = `chrome-extension://${'abcdefgh'.repeat(4)}`

export interface CompanionBrowser {
  readonly isReal: boolean
  readonly context: BrowserContext
  /** the port to enter in the options for a Sheaf at `port` */
  portFor(port: number): Promise<number>
  options(): Promise<Page>
  /** the popup as it opens over this page */
  popup(over: Page): Promise<Page>
  close(): Promise<void>
}

export async function openCompanionBrowser(): Promise<CompanionBrowser> {
  const whole = WHOLE.find((path) => path !== undefined && path !== '' && existsSync(path))
  return whole === undefined ? openAdapted() : openReal(whole)
}

async function openReal(executablePath: string): Promise<CompanionBrowser> {
  const context = await chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'sheaf-browser-')), {
    executablePath,
    headless: true,
    ignoreDefaultArgs: ['--disable-extensions'],
    args: ['--no-sandbox', `--disable-extensions-except=${FILES}`, `--load-extension=${FILES}`]
  })
  const worker = context.serviceWorkers()[0] ?? (await context.waitForEvent('serviceworker'))
  // Node's URL gives such an address no origin.
  const origin = `chrome-extension://${new URL(worker.url()).host}`
  return {
    isReal: true,
    context,
    portFor: (port) => Promise.resolve(port),
    options: () => opened(context, `${origin}/options.html`),
    async popup(over) {
      const id = await worker.evaluate(async (url) => {
        const { chrome } = globalThis as unknown as {
          chrome: { tabs: { query(what: object): Promise<{ id: number; url: string }[]> } }
        }
        return (await chrome.tabs.query({})).find((tab) => tab.url === url)?.id
      }, over.url())
      return opened(context, `${origin}/popup.html?tab=${String(id)}`)
    },
    close: () => context.close()
  }
}

async function openAdapted(): Promise<CompanionBrowser> {
  const browser = await chromium.launch({ executablePath: SHELL, args: ['--no-sandbox'] })
  const context = await browser.newContext()
  const files = await listening(createServer(serveFile))
  const proxies: Server[] = [files.server]
  const tabs = new Map<number, Page>()
  const stored: Record<string, unknown> = {}
  await context.exposeFunction('sheafStored', (set: Record<string, unknown> | null) =>
    Object.assign(stored, set)
  )
  await context.exposeFunction('sheafRun', (id: number, func: string, args: readonly unknown[]) =>
    tabs.get(id)?.evaluate(`(${func})(...${JSON.stringify(args)})`)
  )
  await context.exposeFunction('sheafTab', (id: number) => {
    const url = tabs.get(id)?.url()
    return url === undefined ? null : { id, url }
  })
  await context.addInitScript({
    content: `if (location.origin === '${files.origin}') (${adapter.toString()})()`
  })
  return {
    isReal: false,
    context,
    async portFor(port) {
      const proxy = await listening(namingOrigin(port, files.origin))
      proxies.push(proxy.server)
      return proxy.port
    },
    options: () => opened(context, `${files.origin}/options.html`),
    popup(over) {
      const id = [...tabs].find(([, page]) => page === over)?.[0] ?? tabs.size + 1
      tabs.set(id, over)
      return opened(context, `${files.origin}/popup.html?tab=${String(id)}`)
    },
    async close() {
      await browser.close()
      for (const server of proxies) {
        server.closeAllConnections()
        server.close()
      }
    }
  }
}

/** Runs in the companion's own pages, before their scripts. */
function adapter(): void {
  const main = globalThis as unknown as {
    sheafStored(set: object | null): Promise<object>
    sheafRun(id: number, func: string, args: readonly unknown[]): Promise<unknown>
    sheafTab(id: number): Promise<object | null>
    chrome: unknown
  }
  main.chrome = {
    storage: {
      local: {
        get: async (standard: object) => ({ ...standard, ...(await main.sheafStored(null)) }),
        set: (values: object) => main.sheafStored(values)
      }
    },
    tabs: {
      async get(id: number) {
        const tab = await main.sheafTab(id)
        if (tab === null) throw new Error(`No tab with id: ${String(id)}`)
        return tab
      }
    },
    scripting: {
      executeScript: async (ask: {
        target: { tabId: number }
        func: () => void
        args: readonly unknown[]
      }) => [{ result: await main.sheafRun(ask.target.tabId, ask.func.toString(), ask.args) }]
    },
    runtime: { openOptionsPage: () => Promise.resolve() }
  }
}

async function opened(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(url)
  return page
}

function serveFile(asked: IncomingMessage, answer: ServerResponse): void {
  const { pathname } = new URL(asked.url ?? '/', 'http://127.0.0.1')
  const path = normalize(join(FILES, pathname))
  if (!path.startsWith(FILES) || !existsSync(path)) answer.writeHead(404).end()
  else answer.writeHead(200, { 'content-type': TYPES[extname(path)] ?? 'text/plain' }).end(readFileSync(path))
}

/** Forwards every request with the origin that a browser gives an extension. */
function namingOrigin(port: number, page: string): Server {
  return createServer((asked, answer) => {
    const headers = { ...asked.headers, host: `127.0.0.1:${String(port)}`, origin: ORIGIN }
    const passed = request(
      { host: '127.0.0.1', port, path: asked.url, method: asked.method, headers, agent: false },
      (reply) => {
        const allowed = reply.headers['access-control-allow-origin'] === ORIGIN
        answer.writeHead(reply.statusCode ?? 502, {
          ...reply.headers,
          ...(allowed ? { 'access-control-allow-origin': page } : {})
        })
        reply.pipe(answer)
      }
    )
    passed.on('error', () => answer.destroy())
    asked.pipe(passed)
  })
}

async function listening(
  server: Server
): Promise<{ readonly server: Server; readonly port: number; readonly origin: string }> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { server, port, origin: `http://127.0.0.1:${String(port)}` }
}
