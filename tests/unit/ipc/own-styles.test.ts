import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { OwnStyles } from '../../../src/main/ipc/own-styles'
import { nodeFiles } from '../../../src/main/platform/node-files'
import { repositoryRoot } from '../../kit/shared'
import { tempFolder } from '../../kit/temp-folder'

const STYLES = join(repositoryRoot, 'src/main/works/cite/styles')
const style = (inside: string): Uint8Array =>
  Buffer.from(
    `<?xml version="1.0"?><style xmlns="http://purl.org/net/xbiblio/csl" version="1.0" class="in-text"><info><title>Journal of <![CDATA[Tests]]> &amp; more</title><id>t</id></info>${inside}</style>`
  )
const CITATION = '<citation><layout><text variable="title"/></layout></citation>'

describe('styles of the user', () => {
  test('are stored under their own title, once, and can be removed', async () => {
    const folder = tempFolder('styles')
    const styles = new OwnStyles(nodeFiles, folder)
    expect(await styles.list()).toEqual([])
    const nature = readFileSync(join(STYLES, 'nature.csl'))
    const one = await styles.add({ name: '/some/where/nature.csl', bytes: nature })
    const two = await styles.add({ name: 'mine.csl', bytes: style(CITATION) })
    expect(await styles.add({ name: 'again.csl', bytes: nature })).toBe(one)
    expect(await styles.list()).toEqual([
      { id: two, title: 'Journal of Tests & more' },
      { id: one, title: 'Nature' }
    ])
    expect((await styles.use(one)).xml).toBe(nature.toString('utf8'))
    writeFileSync(join(folder, 'styles', `${two}.csl`), 'changed by hand')
    expect(await styles.list()).toEqual([{ id: one, title: 'Nature' }])
    await styles.remove(one)
    expect(await styles.list()).toEqual([])
    await expect(styles.use(one)).rejects.toThrow('removed')
  })

  test.each([
    ['what is no XML', Buffer.from('hello'), /mine\.csl.*(?:well-formed|first element)/],
    ['a cut file', style(CITATION).slice(0, 200), /well-formed/],
    ['a web page', Buffer.from('<html><body>404</body></html>'), /not a CSL style/],
    [
      'an entity',
      Buffer.from(`<!DOCTYPE s [<!ENTITY x SYSTEM "file:///etc/passwd">]>${style(CITATION).toString()}`),
      /document type/
    ],
    [
      'a dependent style',
      style('<link rel="independent-parent" href="http://www.zotero.org/styles/apa"/>'),
      /only names another style.*styles\/apa/
    ],
    [
      'a style that cannot be run',
      style(
        '<citation><layout><names variable="author"><name form="nonsense"><name-part/></name><substitute><text macro="x"/></substitute></names></layout></citation>'
      ),
      /not there|cannot be run/
    ],
    ['more than a megabyte', Buffer.alloc(1_000_001, 0x20), /1 MB/]
  ])('%s is refused and not stored', async (_, bytes, because) => {
    const styles = new OwnStyles(nodeFiles, tempFolder('styles'))
    await expect(styles.add({ name: '../../mine.csl', bytes })).rejects.toThrow(because)
    expect(await styles.list()).toEqual([])
  })
})
