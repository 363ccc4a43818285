/**
 * Draws every picture the app needs from `resources/icon.svg`: `node scripts/make-icons.mjs`. Chromium
 * draws, and the two containers that Windows and macOS want are put together here; both simply hold
 * PNG files. What it writes is kept in the repository, so that a build needs no browser.
 * Sources: Microsoft, “Icons” (ICONDIR); Apple, “Icon Services” (icns types).
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright'
import { icnsOf, icoOf } from './icon-containers.mjs'

const resources = resolve(import.meta.dirname, '../resources')
const svg = readFileSync(join(resources, 'icon.svg'), 'utf8')
const LINUX_SIZES = [16, 24, 32, 48, 64, 128, 256, 512]
const WINDOWS_SIZES = [16, 20, 24, 32, 40, 48, 64, 256]
const MAC_TYPES = [
  ['icp4', 16],
  ['ic11', 32],
  ['icp5', 32],
  ['ic12', 64],
  ['ic07', 128],
  ['ic13', 256],
  ['ic08', 256],
  ['ic14', 512],
  ['ic09', 512],
  ['ic10', 1024]
]

/** The mark alone: no ground, one colour or its own, filling the square. */
function mark(colour) {
  const bare = svg.replace(/<rect id="ground"[^>]*>/, '').replace('0 0 1024 1024', '172 172 680 720')
  if (colour === null) return bare
  return bare.replace('fill="url(#straw)"', `fill="${colour}"`).replace('#f6b648', colour)
}

/** At small sizes the margin around the ground is a waste of the few pixels there are. */
function forSize(size) {
  return size <= 48 ? svg.replace('0 0 1024 1024', '48 48 928 928') : svg
}

const system = ['chromium', 'chromium-headless-shell', 'google-chrome']
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path))
const browser = await chromium.launch({
  ...(system === undefined ? {} : { executablePath: system }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : []
})
const page = await browser.newPage()

async function draw(text, size) {
  await page.setViewportSize({ width: size, height: size })
  const address = `data:image/svg+xml;base64,${Buffer.from(text).toString('base64')}`
  await page.setContent(
    `<style>html,body{margin:0;background:transparent}img{display:block}</style><img src="${address}" width="${size}" height="${size}">`
  )
  await page.locator('img').evaluate((image) => image.decode())
  return page.screenshot({ omitBackground: true, type: 'png' })
}

const drawn = new Map()
async function icon(size) {
  if (!drawn.has(size)) drawn.set(size, await draw(forSize(size), size))
  return drawn.get(size)
}

mkdirSync(join(resources, 'icons'), { recursive: true })
mkdirSync(join(resources, 'tray'), { recursive: true })
writeFileSync(join(resources, 'icon.png'), await icon(1024))
for (const size of LINUX_SIZES) {
  writeFileSync(join(resources, 'icons', `${size}x${size}.png`), await icon(size))
}
const windows = []
for (const size of WINDOWS_SIZES) windows.push({ size, png: await icon(size) })
writeFileSync(join(resources, 'icon.ico'), icoOf(windows))
const mac = []
for (const [type, size] of MAC_TYPES) mac.push({ type, png: await icon(size) })
writeFileSync(join(resources, 'icon.icns'), icnsOf(mac))
writeFileSync(join(resources, 'tray/template@2x.png'), await draw(mark('#000000'), 36))
writeFileSync(
  join(resources, 'tray/colour.png'),
  await draw(svg.replace('0 0 1024 1024', '48 48 928 928'), 32)
)
await browser.close()
