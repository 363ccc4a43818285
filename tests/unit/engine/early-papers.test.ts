/**
 * The first page of a large library, a single paper and the number of papers are read from the ledger alone:
 * as many rows of 5,000 papers as of 2,500. The others are read afterwards.
 */
import { expect, test } from 'vitest'
import { LiveCatalog, type LibraryCatalog } from '../../../src/main/engine/library-catalog'
import type { Ledger, Reader } from '../../../src/main/ledger/ledger'
import { openLedger } from '../../../src/main/ledger/open-ledger'
import type { Library } from '../../../src/main/library/library'
import { tempFolder } from '../../kit/temp-folder'
import { testHost } from '../../kit/test-host'

const hash = (n: number): string => n.toString(16).padStart(64, '0')

function fill(ledger: Ledger, papers: number): Promise<void> {
  return ledger.commit((w) => {
    for (let n = 1; n <= papers; n += 1) {
      const work = `doi:10.1/${String(n)}`
      w.run(
        `INSERT INTO works (work_id, title, authors_json, ids_json, created_at, updated_at) VALUES (?, ?, '[]', '{}', 1, 1)`,
        [work, `Title ${String(n)}`]
      )
      w.run(
        `INSERT INTO artifact_rows (artifact_id, format, hash, bytes, finalized_at, verdict)
         VALUES (?, 'pdf', ?, 100, ?, 1)`,
        [`${work}#pdf`, Buffer.from(hash(n), 'hex'), n]
      )
    }
  })
}

async function begin(papers: number): Promise<{
  readonly catalog: LibraryCatalog
  readonly rows: () => number
  readonly readOthers: () => Promise<void>
}> {
  const host = testHost()
  const ledger = await openLedger(host, { folder: tempFolder('early') })
  await fill(ledger, papers)
  let rows = 0
  let readAll: () => void = () => undefined
  const counted = (r: Reader): Reader => ({
    ...r,
    get: (sql, parameters) => {
      rows += 1
      return r.get(sql, parameters)
    },
    all: (sql, parameters) => {
      const found = r.all(sql, parameters)
      rows += found.length
      return found
    }
  })
  const over = new Promise<void>((done) => {
    readAll = done
  })
  let reading: () => void = () => undefined
  const manifest = { mark: () => Promise.resolve(null) }
  const catalog = new LiveCatalog({
    ledger: { read: (ask) => ledger.read((r) => ask(counted(r))) },
    library: { manifest } as unknown as Library,
    log: host.log,
    background: {
      begin: (read) => {
        reading = read
      },
      done: readAll
    }
  })
  return {
    catalog,
    rows: () => rows,
    readOthers: async () => {
      reading()
      await over
    }
  }
}

async function costOf(papers: number): Promise<number> {
  const { catalog, rows, readOthers } = await begin(papers)
  const page = catalog.early({ direction: 'down', offset: 0, limit: 50 })
  expect(page?.all).toBe(papers)
  expect(page?.papers.map((paper) => paper.addedAt)).toEqual(Array.from({ length: 50 }, (_, n) => papers - n))
  const one = await catalog.paper('doi:10.1/7#pdf')
  expect(one?.title).toBe('Title 7')
  expect(await catalog.count()).toBe(papers)
  expect(await catalog.sameBytes({ artifactId: '', sha256: hash(7) })).toMatchObject([{ title: 'Title 7' }])
  const cost = rows()
  await readOthers()
  expect(catalog.early({ direction: 'down', offset: 0, limit: 50 })).toBeNull()
  expect(await catalog.papers()).toHaveLength(papers)
  return cost
}

test('as many rows are read of 5,000 papers as of 2,500', async () => {
  expect(await costOf(5_000)).toBe(await costOf(2_500))
})

test('all papers are read once, when they are asked for while a page has begun to read them', async () => {
  const papers = 2_500
  const { catalog, rows, readOthers } = await begin(papers)
  catalog.early({ direction: 'down', offset: 0, limit: 50 })
  const before = rows()
  const reading = readOthers()
  const slices: number[] = []
  for await (const slice of catalog.inSlices()) slices.push(slice.length)
  await reading
  expect(slices.reduce((sum, length) => sum + length, 0)).toBe(papers)
  // One row a paper, and a few questions.
  expect(rows() - before).toBeLessThan(papers * 1.1)
})

test('a small library is read at once', async () => {
  const { catalog } = await begin(20)
  expect(catalog.early({ direction: 'down', offset: 0, limit: 50 })).toBeNull()
  expect(await catalog.papers()).toHaveLength(20)
})
