/**
 * Recognises ISBNs in order to refuse them by name: a book is not a paper, and “unknown” would be a poor
 * message. Source: ISO 2108, check digits.
 */
export function isIsbn(text: string): boolean {
  const label = /^(?:urn:)?isbn(?:-?1[03])?\s*:?\s*/i
  const labelled = label.test(text)
  const bare = text.replace(label, '').replace(/[\s\u2010-\u2013-]/g, '')
  if (/^97[89]\d{10}$/.test(bare)) return labelled || sum(bare, (at) => (at % 2 === 0 ? 1 : 3)) % 10 === 0
  if (/^\d{9}[\dXx]$/.test(bare)) return labelled || sum(bare, (at) => 10 - at) % 11 === 0
  return false
}

/** Whether a number for an ISBN or ISSN is long enough to be an ISBN. */
export function hasIsbnDigits(number: string): boolean {
  return /\d{9}/.test(number.replace(/[-\s]/g, ''))
}

function sum(digits: string, weight: (at: number) => number): number {
  return Array.from(digits).reduce(
    (total, digit, at) => total + weight(at) * (/x/i.test(digit) ? 10 : Number(digit)),
    0
  )
}
