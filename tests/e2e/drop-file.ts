/** Simulates dropping files from a file manager. Separate from screens.ts because it depends on the DOM. */
import type { Locator, Page } from 'playwright'

/** Drops a file on an element. */
export async function dropFile(target: Locator, name: string, type: string, bytes: Buffer): Promise<void> {
  const data = await target.page().evaluateHandle(
    ([fileName, fileType, base64]) => {
      const letters = atob(base64)
      const transfer = new DataTransfer()
      const content = Uint8Array.from(letters, (letter) => letter.charCodeAt(0))
      transfer.items.add(new File([content], fileName, { type: fileType }))
      return transfer
    },
    [name, type, bytes.toString('base64')] as const
  )
  const box = await target.boundingBox()
  const at =
    box === null ? {} : { clientX: box.x + box.width / 2, clientY: box.y + Math.min(20, box.height / 2) }
  for (const event of ['dragenter', 'dragover', 'drop'])
    await target.dispatchEvent(event, { dataTransfer: data, bubbles: true, cancelable: true, ...at })
}

/** Drops files or folders on the window. */
export async function dropPaths(page: Page, paths: readonly string[]): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files: [...paths], dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 500, y: 320, data })
  await session.detach()
}
