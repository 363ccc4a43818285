/** What every screen can do with a paper's file, its provenance, a text or a link. A failure is shown; nothing throws. */
import { ask } from '../bridge'
import { attempt } from './app.svelte'

export async function revealFile(artifactId: string): Promise<void> {
  await attempt(() => ask('library.reveal', { artifactId }))
}

export async function openWith(artifactId: string): Promise<void> {
  await attempt(() => ask('library.openWith', { artifactId }))
}

export async function openLink(url: string): Promise<void> {
  await attempt(() => ask('app.openLink', { url }))
}

/** True when it is on the clipboard. */
export async function putProvenance(artifactId: string): Promise<boolean> {
  return (await attempt(() => ask('library.copyProvenance', { artifactId }).then(() => true))) === true
}

/** True when it is on the clipboard. */
export async function putText(text: string): Promise<boolean> {
  return (await attempt(() => ask('app.copy', { text }).then(() => true))) === true
}
