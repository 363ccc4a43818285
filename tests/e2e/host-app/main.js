/**
 * A small app without Sheaf's code that uses every feature Sheaf needs from its host. It records events in
 * order; `../host.spec.ts` reads the record.
 */
import { app, BrowserWindow, ipcMain, protocol, session } from 'electron'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const here = import.meta.dirname
/** Called by the spec from outside. */
const seen = (globalThis.seen = { events: [], second: [], opened: [], refused: [], vetoes: 0 })
const note = (name) => seen.events.push(name)

protocol.registerSchemesAsPrivileged([
  { scheme: 'host', privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } }
])

const BYTES = Uint8Array.from({ length: 1_000 }, (_, index) => index % 251)
const PAGES = { '/index.html': 'text/html', '/page.js': 'text/javascript', '/worker.js': 'text/javascript' }

async function serve(request) {
  const { pathname } = new URL(request.url)
  if (pathname === '/bytes') {
    const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.get('range') ?? '') ?? []
    if (from === undefined)
      return new Response(BYTES, { headers: { 'Content-Type': 'application/octet-stream' } })
    return new Response(BYTES.slice(Number(from), Number(to) + 1), {
      status: 206,
      headers: { 'Content-Range': `bytes ${from}-${to}/${BYTES.length}` }
    })
  }
  if (pathname === '/asked')
    return Response.json({ url: request.url, method: request.method, body: await request.text() })
  const type = PAGES[pathname]
  if (type === undefined) return new Response('nothing', { status: 404 })
  return new Response(readFileSync(join(here, pathname)), {
    headers: { 'Content-Type': type, 'Content-Security-Policy': "default-src 'self'" }
  })
}

function answer() {
  ipcMain.handle('echo', (_, value) => value)
  ipcMain.handle('fail', () => {
    throw new TypeError('on purpose')
  })
  ipcMain.handle('unclonable', () => ({ inside: () => undefined }))
  ipcMain.handle('sender', ({ sender, senderFrame }) => ({
    url: senderFrame.url,
    isMain: senderFrame === sender.mainFrame,
    inWindow: BrowserWindow.fromWebContents(sender) !== null
  }))
  ipcMain.handle('push', ({ sender }, count) => {
    for (let index = 0; index < count; index += 1) sender.send('pushed', index)
  })
  ipcMain.on('heard', (_, value) => note(`heard ${value}`))
}

function open() {
  const window = new BrowserWindow({
    width: 640,
    height: 480,
    show: false,
    webPreferences: { preload: join(here, 'preload.cjs'), contextIsolation: true, sandbox: true }
  })
  const page = window.webContents
  for (const name of ['did-navigate', 'dom-ready', 'did-finish-load']) page.on(name, () => note(name))
  window.once('ready-to-show', () => {
    note('ready-to-show')
    window.show()
  })
  window.on('close', (event) => {
    note('close')
    if (seen.vetoes > 0) event.preventDefault()
    seen.vetoes -= 1
  })
  window.on('closed', () => note('closed'))
  page.on('will-navigate', (event) => {
    event.preventDefault()
    seen.refused.push(event.url)
  })
  page.setWindowOpenHandler(({ url }) => {
    seen.opened.push(url)
    return { action: 'deny' }
  })
  void window.loadURL('host://app/index.html')
}

function start() {
  note('ready')
  protocol.handle('host', serve)
  session.defaultSession.setPermissionRequestHandler((_, __, say) => say(false))
  session.defaultSession.setPermissionCheckHandler(() => false)
  session.defaultSession.webRequest.onBeforeRequest(({ url }, say) => {
    say({ cancel: !url.startsWith('host:') && !url.startsWith('devtools:') })
  })
  answer()
  open()
}

for (const name of ['window-all-closed', 'before-quit', 'will-quit', 'quit']) {
  app.on(name, () => {
    note(name)
    if (name === 'window-all-closed') app.quit()
    if (name === 'quit') process.stdout.write(`in order: ${seen.events.join(', ')}\n`)
  })
}
if (app.requestSingleInstanceLock({ greeting: 'hello' })) {
  app.on('second-instance', (_, argv, __, data) => seen.second.push({ argv, data }))
  void app.whenReady().then(start)
} else {
  app.quit()
}
