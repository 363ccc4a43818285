/** The papers being cited, with style and language; both are stored. */
import {
  CITATION_LOCALES,
  CITATION_STYLES,
  MOST_CITED,
  type CitationLocale
} from '../../../contract/citation-styles'
import { isOneOf, oneOf } from '../../../contract/tables'
import { ask } from '../../bridge'
import { attempt } from '../../state/app.svelte'
import { remembered } from '../../state/remembered.svelte'
import { ownStyles } from '../../state/own-styles.svelte'
import { toasts } from '../../state/toasts.svelte'
import { copiedSentence } from '../../text/library'

const isStyle = (value: unknown): value is string =>
  isOneOf(CITATION_STYLES, value) || ownStyles.all.some(({ id }) => id === value)
const isLocale = oneOf(CITATION_LOCALES)

class Citing {
  #artifactIds = $state.raw<readonly string[] | null>(null)

  /** null: the dialog is closed */
  get artifactIds(): readonly string[] | null {
    return this.#artifactIds
  }
  /** a built-in style, or the id of a style added by the user */
  get style(): string {
    return remembered.get('cite.style', isStyle, 'apa')
  }
  set style(style: string) {
    remembered.set('cite.style', style)
  }
  get locale(): CitationLocale {
    return remembered.get('cite.locale', isLocale, 'en-US')
  }
  set locale(locale: CitationLocale) {
    remembered.set('cite.locale', locale)
  }

  ask(artifactIds: readonly string[]): void {
    this.#artifactIds = artifactIds.slice(0, MOST_CITED)
  }
  close(): void {
    this.#artifactIds = null
  }

  async copy(what: 'citation' | 'bibliography'): Promise<void> {
    const artifactIds = this.#artifactIds
    if (artifactIds === null) return
    const { style, locale } = this
    const answer = await attempt(() =>
      ask('library.cite', { artifactIds: [...artifactIds], style, locale, what })
    )
    if (answer === null) return
    this.close()
    toasts.note(copiedSentence(what === 'citation' ? 1 : answer.copied, what), answer.text.slice(0, 160))
  }
}

export const citing = new Citing()
