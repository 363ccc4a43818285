/**
 * The reading position in each paper: page and zoom, stored with the states of the screens. The least
 * recently read are dropped first, so that the size is bounded.
 */
import { z } from 'zod'
import type { ReaderState } from '../../contract/library-views'
import type { Session } from '../session/session-api'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

const KEY = 'reader.pages'
const MOST_PAPERS = 500
const FIRST: ReaderState = { page: 1, zoom: 'auto' }

/** Newest last. */
const keptSchema = z.array(z.tuple([z.string(), z.number().int().min(1), z.string()]))
type Kept = z.output<typeof keptSchema>

function kept(session: Pick<Session, 'view'>): Kept {
  return keptSchema.safeParse(session.view().remembered[KEY]).data ?? []
}

export function readerState(session: Pick<Session, 'view'>, artifactId: string): ReaderState {
  const found = kept(session).find(([id]) => id === artifactId)
  return found === undefined ? FIRST : { page: found[1], zoom: found[2] }
}

export function readerHandlers({ session }: HandlerDeps): HandlersOf<NamesOf<'reader'>> {
  return {
    'reader.remember': async ({ artifactId, page, zoom }) => {
      const others = kept(session).filter(([id]) => id !== artifactId)
      await session.settings.remember(KEY, [...others.slice(1 - MOST_PAPERS), [artifactId, page, zoom]])
      return { page, zoom }
    }
  }
}
