/** What every screen can do with a paper's file, its provenance, a text or a link. A failure is shown; nothing throws. */
import { ask } from '../bridge'
import { SAID } from '../text/queue'
import { attempt, succeeds } from './app.svelte'
import { toasts } from './toasts.svelte'

export async function revealFile(artifactId: string): Promise<void> {
  await attempt(() => ask('library.reveal', { artifactId }))
}

export async function openWith(artifactId: string): Promise<void> {
  await attempt(() => ask('library.openWith', { artifactId }))
}

/** Opens a page in the system's browser. */
export async function openLink(url: string): Promise<boolean> {
  return await succeeds(() => ask('app.openLink', { url }))
}

export async function copyProvenance(artifactId: string): Promise<void> {
  if (await succeeds(() => ask('library.copyProvenance', { artifactId }))) toasts.done(SAID.provenanceCopied)
}

/** `said`: what the toast says when the text is on the clipboard. */
export async function copyText(text: string, said: string): Promise<void> {
  if (await succeeds(() => ask('app.copy', { text }))) toasts.done(said)
}
