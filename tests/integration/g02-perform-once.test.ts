/**
 * G2: an effect with a recorded success is never performed again; its result is replayed and counted. A
 * recorded failure is not a result: the effect is retried, as a new attempt of the same op.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished, describe, expect, test } from 'vitest'
import { failing, startWorld, type World } from '../web/scholarly'
import type { Web } from '../web/web'
import type { WorldWork } from '../web/works'
import { jumpingClock } from '../kit/jumping-clock'
import { waitFor } from '../kit/wait-for'
import { openWorld, type SheafWorld } from '../kit/sheaf-world'

async function start(works: readonly WorldWork[]): Promise<{ web: Web; world: World }> {
  const started = await startWorld(works)
  onTestFinished(() => started.web.close())
  return started
}

function opsOf(sheaf: SheafWorld) {
  const jobId = String(sheaf.sheaf.jobs({})[0]!['job_id'])
  return Object.fromEntries(sheaf.sheaf.ops(jobId).map((op) => [String(op['op_type']), op]))
}

/** Stops the engine after half of the file, as Ctrl+C does. */
async function stopHalfWay(sheaf: SheafWorld, web: Web, url: string, doi: string): Promise<void> {
  const stop = new AbortController()
  const hold = web.hold(url, 20_000)
  const running = sheaf.run([doi], stop.signal)
  await hold.reached
  await waitFor('the body is on its way to disk', () => sheaf.linesOf('progress').length > 0)
  stop.abort()
  await running
  hold.release()
}

describe('a success', () => {
  test('is not repeated: a second run sends no request and writes nothing', async () => {
    const { web } = await start([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
    const sheaf = await openWorld(web)
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ planned: 1, done: 1 })
    const manifest = await readFile(join(sheaf.libraryDir, 'manifest.jsonl'), 'utf8')
    const ops = opsOf(sheaf)
    web.forget()
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ existing: 1, done: 0, bytes_fetched: 0 })
    await sheaf.reopen()
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ existing: 1, done: 0, failed: 0 })
    expect(web.requests).toEqual([])
    expect(opsOf(sheaf)).toEqual(ops)
    expect(await readFile(join(sheaf.libraryDir, 'manifest.jsonl'), 'utf8')).toBe(manifest)
    expect(await sheaf.papers()).toHaveLength(1)
  })

  test('of an interrupted job is replayed, and the replays are counted', async () => {
    const { web, world } = await start([{ key: 'alpha', bytes: 60_000, copies: [{ via: 'unpaywall' }] }])
    const sheaf = await openWorld(web)
    const url = world.fileUrl('alpha')
    await stopHalfWay(sheaf, web, url, '10.5555/alpha')
    const asked = web.requests.length
    await sheaf.reopen()
    const summary = await sheaf.run()
    expect(summary).toMatchObject({ done: 1, replays: 2 })
    const later = web.requests.slice(asked)
    expect(later.map((request) => `${request.method} ${request.url}`)).toEqual([`GET ${url}`])
    expect(opsOf(sheaf)).toMatchObject({
      RESOLVE: { attempt: 1, replays: 1, result_code: 'OK' },
      HEAD: { attempt: 1, replays: 1, result_code: 'OK' },
      STREAM: { attempt: 2, replays: 0, result_code: 'OK' }
    })
    expect(sheaf.linesOf('op').filter((line) => line.replayed)).toHaveLength(2)
  })

  test('that depends on the outside world is refreshed after a day, as a new attempt', async () => {
    const { web, world } = await start([{ key: 'alpha', bytes: 60_000, copies: [{ via: 'unpaywall' }] }])
    const clock = jumpingClock()
    const sheaf = await openWorld(web, { host: clock.wear })
    await stopHalfWay(sheaf, web, world.fileUrl('alpha'), '10.5555/alpha')
    clock.jump(25 * 3600)
    expect(await sheaf.run()).toMatchObject({ done: 1, replays: 0 })
    expect(opsOf(sheaf)).toMatchObject({ RESOLVE: { attempt: 2 }, HEAD: { attempt: 2 } })
  })
})

describe('a failure', () => {
  test('is retried as a new attempt of the same op, and its first attempt stays in the history', async () => {
    const { web, world } = await start([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
    const url = world.fileUrl('alpha')
    web.addSite(failing(url, { status: 404, times: 1 }))
    const sheaf = await openWorld(web)
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ done: 0, failed: 1 })
    const jobId = String(sheaf.sheaf.jobs({})[0]!['job_id'])
    const failed = opsOf(sheaf)['HEAD']!
    expect(failed['result_code']).toBe('NOT_FOUND')
    expect(await sheaf.sheaf.retry({ jobIds: [jobId] })).toBe(1)
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    expect(opsOf(sheaf)['HEAD']).toMatchObject({
      op_key: failed['op_key'],
      attempt: 2,
      replays: 0,
      result_code: 'OK'
    })
    expect(JSON.stringify(sheaf.sheaf.history(jobId))).toContain('NOT_FOUND')
  })

  test('to find a copy is not replayed when the user retries: every source is asked again', async () => {
    const { web, world } = await start([{ key: 'alpha', copies: [{ via: 'unpaywall' }] }])
    const sheaf = await openWorld(web)
    let isOpen = false
    web.addSite((asked) =>
      // OpenAlex and Unpaywall have the same data.
      !isOpen && /^https:\/\/api\.(?:unpaywall|openalex)\.org\//.test(asked.url)
        ? failing(asked.url, { status: 404 })(asked)
        : null
    )
    expect(await sheaf.run(['10.5555/alpha'])).toMatchObject({ failed: 1, by_reason: { NO_OPEN_COPY: 1 } })
    isOpen = true
    web.forget()
    expect(await sheaf.run()).toMatchObject({ done: 0 })
    expect(web.requests, 'no request').toEqual([])
    expect(await sheaf.sheaf.retry({ reasons: ['NO_OPEN_COPY'] })).toBe(1)
    expect(await sheaf.run()).toMatchObject({ done: 1 })
    expect([...(await sheaf.objects()).values()]).toEqual([
      expect.toSatisfy((hash) => world.hashes('alpha').has(String(hash)))
    ])
    const jobId = String(sheaf.sheaf.jobs({})[0]!['job_id'])
    const asked = sheaf.sheaf
      .ops(jobId)
      .filter((op) => op['op_type'] === 'RESOLVE' && op['result_code'] === 'OK')
    expect(asked.map((op) => op['attempt'])).toEqual([2])
  })
})
