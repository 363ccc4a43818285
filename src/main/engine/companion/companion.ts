/**
 * What the browser companion may ask of the engine: is a paper known, plan these papers, here is a PDF. Whatever
 * writes is done once under its key (`once.ts`). Nothing here knows HTTP.
 */
import {
  fileResultSchema,
  papersResultSchema,
  type FilePlace,
  type FileResult,
  type PaperLine,
  type PapersResult,
  type SentPapers
} from '../../../contract/companion'
import type { WorkDraft } from '../../../contract/work'
import type { Engine } from '../engine'
import { makeKeyedLock } from '../keyed-lock'
import { sweepInbox, takeBytes } from './inbox'
import { once, type Answered } from './once'
import { fileReceived } from './received-file'
import { knownPaper, planSent } from './sent-papers'

export type { Answered }

export interface Companion {
  /** Null: nothing is known under any of these names. */
  known(names: readonly string[]): PaperLine | null
  /** One line a paper, in their order; REQUEST_KEY_REUSED. */
  plan(
    sent: SentPapers,
    how: {
      readonly key: string
      /** plans, and sees that what was planned is worked at; durable on return */
      readonly plan: (drafts: readonly WorkDraft[], list: string | undefined) => Promise<unknown>
      readonly signal: AbortSignal
    }
  ): Promise<Answered<PapersResult>>
  /** Takes the bytes of a PDF in; TOO_LARGE, REQUEST_KEY_REUSED. */
  receive(
    body: AsyncIterable<Uint8Array>,
    how: { readonly key: string; readonly place: FilePlace; readonly signal: AbortSignal }
  ): Promise<Answered<FileResult>>
  /** Removes what an earlier process left in the inbox. */
  sweep(): Promise<void>
}

interface Parts {
  readonly engine: Engine
  /** absolute: where received files lie while they are looked at */
  readonly inbox: string
  /** runs one piece of work between changes of settings and before Sheaf closes, with the library there */
  readonly during: <T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>) => Promise<T>
}

export function makeCompanion({ engine, inbox, during }: Parts): Companion {
  const lock = makeKeyedLock()
  return {
    known: (names) => knownPaper(engine, names),
    plan: ({ papers, list }, { key, plan }) =>
      once<PapersResult>(engine, lock, {
        key,
        asked: ['papers', JSON.stringify(papers), list ?? ''],
        schema: papersResultSchema,
        work: async () => ({ papers: await planSent(engine, papers, (drafts) => plan(drafts, list)) })
      }),
    async receive(body, { key, place, signal }) {
      const most = engine.settings['files.maxBytes']
      const arrived = await takeBytes(engine, inbox, body, { most, signal })
      try {
        return await during(signal, (until) =>
          once<FileResult>(engine, lock, {
            key,
            asked: ['pdf', place.job ?? '', place.url ?? '', arrived.sha256],
            schema: fileResultSchema,
            work: () => fileReceived(engine, arrived, { inbox, place, signal: until })
          })
        )
      } finally {
        await engine.host.files.remove(arrived.path)
      }
    },
    sweep: () => sweepInbox(engine, inbox)
  }
}
