/**
 * The few browser globals that the PDF library accesses while it is loaded. Sheaf reads text and draws
 * nothing, so empty ones are sufficient; with them no native drawing library is needed.
 */
class Nothing {
  readonly isIdentity = true
}

for (const name of ['DOMMatrix', 'Path2D', 'ImageData'])
  if (!(name in globalThis)) Object.assign(globalThis, { [name]: Nothing })

const nativePush = Object.getOwnPropertyDescriptor(Array.prototype, 'push')

/**
 * The PDF library installs its own `push` in older engines, for arrays of more than 2³² items. It makes
 * reading a page twice as slow (measured with Node 20), so the engine's own is restored.
 */
export function restorePush(): void {
  if (nativePush !== undefined) Object.defineProperty(Array.prototype, 'push', nativePush)
}
