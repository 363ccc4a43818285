/** What every screen can do with a paper's file, its provenance, a text or a link. A failure is shown; nothing throws. */
import { ask } from '../bridge'
import { SAID } from '../text/queue'
import { attempt } from './app.svelte'
import { toasts } from './toasts.svelte'

export async function revealFile(artifactId: string): Promise<void> {
  await attempt(() => ask('library.reveal', { artifactId }))
}

export async function openWith(artifactId: string): Promise<void> {
  await attempt(() => ask('library.openWith', { artifactId }))
}

export async function openLink(url: string): Promise<void> {
  await attempt(() => ask('app.openLink', { url }))
}

export async function copyProvenance(artifactId: string): Promise<void> {
  const done = await attempt(() => ask('library.copyProvenance', { artifactId }).then(() => true))
  if (done !== null) sayDone(SAID.provenanceCopied)
}

/** `said`: what the toast says when the text is on the clipboard. */
export async function copyText(text: string, said: string): Promise<void> {
  const done = await attempt(() => ask('app.copy', { text }).then(() => true))
  if (done !== null) sayDone(said)
}

function sayDone(text: string): void {
  toasts.say({ tone: 'good', text, hint: null })
}
