/**
 * A small reading list over many hosts with the default settings, on a web that checks every request against
 * each service's own rules. Every open copy is downloaded, no rule is broken, and a file costs one request.
 * (The whole list with times: the bench reading-list.)
 */
import { expect, onTestFinished, test } from 'vitest'
import { SETTINGS } from '../../src/contract/settings'
import { openWorld } from '../kit/sheaf-world'
import { readingList } from '../web/reading-list'
import { RuleBook } from '../web/rules'
import { makeWorld } from '../web/scholarly'
import { startWeb } from '../web/web'

test('twenty references of every kind: every open copy is downloaded, and no rule is broken', async () => {
  const list = readingList(20)
  const world = makeWorld(list.works)
  // Web and app share one busy process here: twice too fast is detected, a late arrival is not.
  const book = new RuleBook(1, 0.65)
  const web = await startWeb({ sites: [book.watching(world.site, () => 20)] })
  onTestFinished(() => web.close())
  const named = list.works.flatMap(({ key, doi, arxiv, pmcid }) =>
    doi === null || arxiv !== undefined || pmcid !== undefined ? [] : [`10.5555/${key}`]
  )
  const sheaf = await openWorld(web, {
    settings: {
      'network.rates': SETTINGS['network.rates'].default,
      'general.mailto': 'reader@university.example'
    }
  })
  const open = named.filter((doi) => list.open.includes(doi.slice('10.5555/'.length)))
  const summary = await sheaf.run(named)
  expect(summary).toMatchObject({ done: open.length })
  expect(book.violations).toEqual([])
  const files = web.requests.filter(({ url }) => url.endsWith('.pdf'))
  expect(files.filter(({ method }) => method === 'HEAD')).toEqual([])
  expect(new Set(files.map(({ url }) => url)).size).toBe(files.length)
}, 120_000)
