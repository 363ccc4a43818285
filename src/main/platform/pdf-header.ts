/** Where a PDF begins: its header within the first bytes of the file (docs/design.md §10). Pure. */

/** ISO 32000-1, implementation note 13: readers look for the header within the first 1024 bytes. */
export const HEADER_WITHIN = 1_024

/** Where the header of a PDF begins in the first bytes of a file; -1: it is no PDF. */
export function pdfHeaderAt(head: Uint8Array): number {
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.byteLength, HEADER_WITHIN))
  return bytes.indexOf('%PDF-')
}
