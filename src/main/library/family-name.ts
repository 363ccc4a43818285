/**
 * The family name of an author in each format that services use: `Family, Given`, `Given Family`, `Family GI`
 * (PubMed), with its particles. Pure.
 */
const SUFFIX = /^(?:Jr|Sr|II|III|IV|PhD|MD)\.?$/i
const INITIALS = /^(?:\p{Lu}\.?-?){1,3}$/u
const WITHOUT_SPACES = /\p{Script=Han}|\p{Script=Hangul}|\p{Script=Hiragana}|\p{Script=Katakana}/u

export function familyNameOf(author: string): string {
  const [before = '', ...after] = author.split(',')
  if (after.length > 0 && !SUFFIX.test(after.join(',').trim())) return before.trim()
  const words = before.split(/\s+/).filter((word) => word !== '' && !SUFFIX.test(word))
  if (WITHOUT_SPACES.test(before)) return before.trim()
  const last = words.at(-1) ?? ''
  if (
    words.length > 1 &&
    INITIALS.test(last) &&
    (words[0] ?? '').length > 1 &&
    !INITIALS.test(words[0] ?? '')
  ) {
    return words.filter((word) => !INITIALS.test(word)).join(' ')
  }
  // Particles before the last word belong to it: van der Berg, de la Cruz.
  let from = words.length - 1
  while (from > 1 && /^\p{Ll}/u.test(words[from - 1] ?? '')) from -= 1
  return words.slice(Math.max(0, from)).join(' ')
}
