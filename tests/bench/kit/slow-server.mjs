/**
 * A file server as far away as the arguments say: `node slow-server.mjs <folder> <delay ms> <bytes a second>`.
 * Every answer begins after the delay, and every body comes at that many bytes a second (0: at once).
 * It answers HEAD, single ranges and If-Range, and prints its port.
 */
import { createReadStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

const [folder = '.', delay = '0', rate = '0'] = process.argv.slice(2)
const [DELAY_MS, BYTES_PER_SECOND] = [Number(delay), Number(rate)]

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  answer(request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  console.log(String(server.address().port))
})

async function answer(request, response) {
  await wait(DELAY_MS)
  const path = join(folder, new URL(request.url, 'http://local').pathname)
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile()) {
    response.writeHead(404, { 'content-length': 0 }).end()
    return
  }
  const { size, mtimeMs } = found
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '')
  const from = range === null ? 0 : Number(range[1])
  const to = range === null || range[2] === '' ? size - 1 : Math.min(size - 1, Number(range[2]))
  response.writeHead(range === null ? 200 : 206, {
    'content-type': 'application/pdf',
    'content-length': to - from + 1,
    'accept-ranges': 'bytes',
    etag: `"${size.toString(16)}-${Math.round(mtimeMs).toString(16)}"`,
    ...(range === null ? {} : { 'content-range': `bytes ${from}-${to}/${size}` })
  })
  if (request.method === 'HEAD') response.end()
  else await send(response, createReadStream(path, { start: from, end: to, highWaterMark: 32_768 }))
}

async function send(response, file) {
  const began = performance.now()
  let sent = 0
  for await (const piece of file) {
    if (response.destroyed) return
    if (!response.write(piece)) await new Promise((go) => response.once('drain', go).once('close', go))
    sent += piece.length
    if (BYTES_PER_SECOND === 0) continue
    const ahead = (sent / BYTES_PER_SECOND) * 1_000 - (performance.now() - began)
    if (ahead > 1) await wait(ahead)
  }
  response.end()
}
