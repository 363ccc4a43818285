/** Whatever becomes of the quick readers of PDFs: the other one decides, as if it had been alone. */
import { expect, test } from 'vitest'
import type { PdfFacts } from '../../../src/main/library/pdf-facts'
import { makeReaders } from '../../../src/main/library/readers'
import { makeTextReader } from '../../../src/main/library/text-reader'
import type { Job } from '../../../src/main/platform/child-messages'
import type { Report } from '../../../src/main/platform/child-report'
import type { StartChild } from '../../../src/main/platform/child-process'
import { testHost } from '../../kit/test-host'

const factsWith = (text: string): PdfFacts => ({
  kind: 'opened',
  pageCount: 5,
  encrypted: false,
  blank: false,
  missingPages: 0,
  xrefFound: true,
  linearizedBytes: null,
  text,
  paper: { verdict: 'match', reason: 'title and authors', because: 'it is', evidence: {} }
})

type Play = (id: number) => Report | 'dies'
const answer =
  (value: unknown): Play =>
  (id) => ({ type: 'answer', id, value, residentBytes: 1 })

const textOf = (page: string): unknown => ({ kind: 'text', pages: [page], whole: true })

/** A process that plays `quick` for the quick reader and answers for the other; says what it was asked. */
function world(quick: Play): { readonly asked: string[]; readonly startChild: StartChild } {
  const asked: string[] = []
  const startChild: StartChild = () => {
    let hear: (message: unknown) => void = () => undefined
    let gone: (because: string) => void = () => undefined
    return {
      pid: 1,
      post: (message) => {
        const { id, kind } = message as Job
        asked.push(kind)
        queueMicrotask(() => {
          const slow = answer(kind === 'text' ? textOf('by pdf.js') : factsWith('by pdf.js'))
          const said = kind.startsWith('quick') ? quick(id) : slow(id)
          if (said === 'dies') gone('it was killed')
          else hear(said)
        })
      },
      onMessage: (listener) => {
        hear = listener
      },
      onGone: (listener) => {
        gone = listener
      },
      kill: () => undefined,
      hold: () => undefined
    }
  }
  return { asked, startChild }
}

const die = (death: 'time' | 'memory'): Play => {
  return (id) => ({ type: 'dying', id, death, because: 'a limit' })
}

test.each<readonly [string, Play, readonly string[], string]>([
  ['an answer is final', answer(factsWith('by PDFium')), ['quickPdf'], 'by PDFium'],
  ['null leaves it to pdf.js', answer(null), ['quickPdf', 'pdf'], 'by pdf.js'],
  [
    'an error leaves it to pdf.js',
    (id) => ({ type: 'failed', id, because: 'unreachable', residentBytes: 1 }),
    ['quickPdf', 'pdf'],
    'by pdf.js'
  ],
  ['a crash leaves it to pdf.js', () => 'dies', ['quickPdf', 'quickPdf', 'pdf'], 'by pdf.js']
])('%s', async (_, quick, kinds, text) => {
  const { asked, startChild } = world(quick)
  const { clock, log } = testHost()
  const readers = makeReaders({ clock, log, startChild })
  const facts = await readers.pdf('a.pdf', { ids: {}, facts: {} }, new AbortController().signal)
  expect(facts).toEqual(factsWith(text))
  expect(asked).toEqual(kinds)
  readers.close()
})

test.each<readonly [string, Play, readonly string[], string]>([
  ['an answer is final', answer(textOf('by PDFium')), ['quickText'], 'by PDFium'],
  ['null leaves it to pdf.js', answer(null), ['quickText', 'text'], 'by pdf.js'],
  [
    'an error leaves it to pdf.js',
    (id) => ({ type: 'failed', id, because: 'unreachable', residentBytes: 1 }),
    ['quickText', 'text'],
    'by pdf.js'
  ],
  ['a crash leaves it to pdf.js', () => 'dies', ['quickText', 'quickText', 'text'], 'by pdf.js']
])('of the whole text, %s', async (_, quick, kinds, page) => {
  const { asked, startChild } = world(quick)
  const { clock, log } = testHost()
  const reader = makeTextReader({ clock, log, startChild })
  expect(await reader.read('a.pdf', new AbortController().signal)).toEqual(textOf(page))
  expect(asked).toEqual(kinds)
  reader.close()
})

test.each(['time', 'memory'] as const)('a limit on %s leaves it to pdf.js', async (death) => {
  const { startChild } = world(die(death))
  const { clock, log } = testHost()
  // The report of its end comes first; then the process is gone.
  const readers = makeReaders({
    clock,
    log,
    startChild: (...how) => {
      const port = startChild(...how)
      let gone: (because: string) => void = () => undefined
      return {
        ...port,
        onGone: (listener) => {
          gone = listener
          port.onGone(listener)
        },
        kill: () => {
          gone('killed')
        }
      }
    }
  })
  const facts = await readers.pdf('a.pdf', { ids: {}, facts: {} }, new AbortController().signal)
  expect(facts).toEqual(factsWith('by pdf.js'))
  readers.close()
})
