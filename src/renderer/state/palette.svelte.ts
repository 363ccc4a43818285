/** The content of the palette: matching commands, jobs and papers. */
import type { JobView } from '../../contract/views'
import type { PaperView } from '../../contract/library-views'
import { keysOf } from '../../contract/tables'
import { ask } from '../bridge'
import { FRAME, PLACE_NAMES } from '../text/frame'
import { LISTS } from '../text/lists'
import { PALETTE } from '../text/palette'
import { DONE_WORDS, NOTHING_CHANGED } from '../text/queue'
import { app, attempt } from './app.svelte'
import { Delayed } from './delayed'
import { lists } from './lists.svelte'
import { recover } from './recover.svelte'
import { route } from './route.svelte'
import { toasts } from './toasts.svelte'
import { NUMBERED } from './shortcuts'

export interface Command {
  readonly label: string
  readonly keys: string | null
  readonly run: () => void
}

const FEW = 6
const WAIT_MS = 120

export class PaletteState {
  #words = $state('')
  #jobs = $state.raw<readonly JobView[]>([])
  #papers = $state.raw<readonly PaperView[]>([])
  readonly #later = new Delayed()
  #asked = 0

  get words(): string {
    return this.#words
  }
  get jobs(): readonly JobView[] {
    return this.#jobs
  }
  get papers(): readonly PaperView[] {
    return this.#papers
  }

  readonly commands = $derived.by(() => {
    const words = this.#words.trim().toLowerCase().split(/\s+/)
    return allCommands().filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
  })

  look(words: string): void {
    this.#words = words
    this.#later.stop()
    const text = words.trim()
    const asked = ++this.#asked
    if (text.length < 2) {
      this.#jobs = []
      this.#papers = []
      return
    }
    this.#later.restart(WAIT_MS, () => void this.#find(text, asked))
  }

  stop(): void {
    this.#later.stop()
    this.#asked += 1
  }

  async #find(text: string, asked: number): Promise<void> {
    try {
      const [jobs, papers] = await Promise.all([
        ask('jobs.list', {
          query: { group: 'all', text },
          sort: 'updated',
          direction: 'down',
          offset: 0,
          limit: FEW
        }),
        ask('library.list', { query: { text }, sort: 'relevance', direction: 'down', offset: 0, limit: FEW })
      ])
      if (asked !== this.#asked) return
      this.#jobs = jobs.rows
      this.#papers = papers.rows
    } catch {
      // Commands still work without them.
      if (asked === this.#asked) this.#jobs = this.#papers = []
    }
  }
}

function allCommands(): Command[] {
  const mod = app.view?.platform === 'darwin' ? '⌘' : 'Ctrl '
  const isPaused = app.run?.phase === 'paused'
  const inSample = app.view?.workspace === 'sample'
  const does = (label: string, work: () => Promise<unknown>): Command => ({
    label,
    keys: null,
    run: () => void attempt(work)
  })
  return [
    {
      label: FRAME.addPapers,
      keys: `${mod}N`,
      run: () => {
        route.openAdd()
      }
    },
    ...keysOf(PLACE_NAMES).map((screen) => ({
      label: PALETTE.goTo(PLACE_NAMES[screen]),
      keys: NUMBERED.includes(screen) ? `${mod}${String(NUMBERED.indexOf(screen) + 1)}` : null,
      run: () => {
        route.go(screen)
      }
    })),
    ...lists.all.map(({ name }) => ({
      label: LISTS.show(name),
      keys: null,
      run: () => {
        lists.choose(name)
        route.setPalette(false)
      }
    })),
    ...(lists.chosen === null
      ? []
      : [
          {
            label: LISTS.showAll,
            keys: null,
            run: () => {
              lists.choose(null)
              route.setPalette(false)
            }
          }
        ]),
    does(isPaused ? PALETTE.resumeAll : PALETTE.pauseAll, () => app.toggleRun()),
    does(PALETTE.retryAll, async () => {
      const { changed } = await ask('jobs.retry', { query: { group: 'attention' } })
      if (changed === 0) toasts.note(NOTHING_CHANGED)
      else toasts.done(DONE_WORDS.retry(changed))
    }),
    ...[false, true].map((verify) =>
      does(verify ? PALETTE.verify : PALETTE.checkNow, async () => {
        route.go('recover')
        await recover.check(verify)
      })
    ),
    does(PALETTE.openLibraryFolder, () => ask('app.openLibraryFolder', {})),
    does(PALETTE.openDataFolder, () => ask('app.openDataFolder', {})),
    does(PALETTE.exportDiagnostics, () => ask('app.exportDiagnostics', {})),
    does(inSample ? PALETTE.leaveSample : PALETTE.enterSample, () => app.sample(!inSample))
  ]
}
