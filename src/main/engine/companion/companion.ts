/**
 * The browser companion's operations on the engine: check whether a paper is known, plan papers, receive a
 * PDF. Each write is executed once per request key (`once.ts`). This module does not use HTTP.
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
  /** Null when none of these names is known. */
  known(names: readonly string[]): PaperLine | null
  /** One line a paper, in their order; REQUEST_KEY_REUSED. */
  plan(
    sent: SentPapers,
    how: {
      readonly key: string
      /** plans the drafts and makes sure that a run works on them; durable on return */
      readonly plan: (drafts: readonly WorkDraft[], list: string | undefined) => Promise<unknown>
      readonly signal: AbortSignal
    }
  ): Promise<Answered<PapersResult>>
  /** Stores the bytes of a PDF; TOO_LARGE, REQUEST_KEY_REUSED. */
  receive(
    body: AsyncIterable<Uint8Array>,
    how: { readonly key: string; readonly place: FilePlace; readonly signal: AbortSignal }
  ): Promise<Answered<FileResult>>
  /** Removes what an earlier process left in the inbox. */
  sweep(): Promise<void>
}

interface Parts {
  readonly engine: Engine
  /** absolute path of the folder for received files during their check */
  readonly inbox: string
  /** runs a task that must not overlap a change of settings or the shutdown, with the library present */
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
