/**
 * CSL styles added by the user: each a file of the data folder named by its hash, listed by its own title. A
 * style is validated and tried before it is stored, and validated again whenever it is used.
 */
import { join } from 'node:path'
import { MOST_OWN_STYLES, type OwnStyle } from '../../contract/citation-styles'
import { fail } from '../../contract/errors'
import type { Files } from '../platform/files'
import { plainName } from './dropped-file'
import { sha256Hex } from '../platform/sha256'

const FILE = /^([0-9a-f]{16})\.csl$/
/** A work on which styles are tried. */
const TRIED = {
  workId: 'doi:10.7717/peerj.4375',
  ids: { doi: '10.7717/peerj.4375' },
  facts: {
    title: 'The state of OA',
    authors: ['Piwowar, Heather'],
    year: 2018,
    venue: 'PeerJ',
    type: 'article'
  }
} as const

export class OwnStyles {
  readonly #files: Files
  readonly #folder: string

  constructor(files: Files, dataDir: string) {
    this.#files = files
    this.#folder = join(dataDir, 'styles')
  }

  /** Sorted by title. Invalid files are left out. */
  async list(): Promise<readonly OwnStyle[]> {
    if ((await this.#files.stat(this.#folder)) === null) return []
    const { checkStyle } = await import('../works/cite/check-style')
    const found: OwnStyle[] = []
    for (const { name } of await this.#files.list(this.#folder)) {
      const id = FILE.exec(name)?.[1]
      if (id === undefined) continue
      try {
        found.push({ id, title: checkStyle(await this.#read(id), name).title })
      } catch {
        // Changed by hand; the file stays where it is.
      }
    }
    return found.sort((a, b) => a.title.localeCompare(b.title))
  }

  /** Throws BAD_FILE with the error. Adding the same style twice stores one. */
  async add(file: { readonly name: string; readonly bytes: Uint8Array }): Promise<string> {
    const { checkStyle, MOST_STYLE_BYTES } = await import('../works/cite/check-style')
    const name = `“${plainName(file.name)}”`
    if (file.bytes.byteLength > MOST_STYLE_BYTES)
      fail('BAD_FILE', `${name} is no CSL style: it is larger than 1 MB.`)
    const xml = new TextDecoder().decode(file.bytes)
    checkStyle(xml, name)
    const { cite } = await import('../works/cite/cite')
    await cite([TRIED], { style: { xml, name }, locale: 'en-US', format: 'text' })
    if ((await this.list()).length >= MOST_OWN_STYLES)
      fail('BAD_REQUEST', `There are ${String(MOST_OWN_STYLES)} styles already; remove one first.`)
    const id = sha256Hex(xml).slice(0, 16)
    await this.#files.makeFolder(this.#folder)
    await this.#files.writeWhole(this.#path(id), new TextEncoder().encode(xml))
    return id
  }

  async remove(id: string): Promise<void> {
    await this.#files.remove(this.#path(id))
  }

  /** For `cite`; BAD_REQUEST when it was removed. */
  async use(id: string): Promise<{ readonly xml: string; readonly name: string }> {
    if ((await this.#files.stat(this.#path(id))) === null) fail('BAD_REQUEST', 'This style was removed.')
    return { xml: await this.#read(id), name: 'This style' }
  }

  #path(id: string): string {
    return join(this.#folder, `${id}.csl`)
  }

  async #read(id: string): Promise<string> {
    return new TextDecoder().decode(await this.#files.readWhole(this.#path(id)))
  }
}
