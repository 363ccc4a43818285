/**
 * The few names of a browser that the PDF library touches while it is loaded. Sheaf reads text and
 * draws nothing, so empty ones do; with them no native drawing library is needed.
 */
class Nothing {
  readonly isIdentity = true
}

for (const name of ['DOMMatrix', 'Path2D', 'ImageData'])
  if (!(name in globalThis)) Object.assign(globalThis, { [name]: Nothing })

const nativePush = Object.getOwnPropertyDescriptor(Array.prototype, 'push')

/**
 * The PDF library brings a `push` of its own to older engines, for arrays of more than 2³² items. It
 * makes reading a page twice as slow (measured with Node 20), so the engine's own comes back.
 */
export function restorePush(): void {
  if (nativePush !== undefined) Object.defineProperty(Array.prototype, 'push', nativePush)
}
