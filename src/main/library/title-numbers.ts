/**
 * Compares the numbers in two titles: parts, years and members of a series often differ by nothing else. `2`,
 * `II`, `two` and `second` are one number; `p53` is its own, and so is the letter of a series. Pure.
 */

const ROMAN = 'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx'.split(' ')
const CARDINAL = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const ORDINAL = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ')
const SPOKEN: ReadonlyMap<string, string> = new Map(
  [ROMAN, CARDINAL, ORDINAL].flatMap((names) => names.map((name, at) => [name, String(at + 1)] as const))
)
/** Numbers in their usual form: where no number is shared, the text after the title is checked too. */
const WRITTEN = /^(?:\d{1,4}|[ivx]{1,5})$/

/**
 * Whether the other title has a different number in place of ours. `place`: its words and the text after
 * them; `within`: those up to its last word of ours. A missing number alone may be a reading error, and an
 * additional one alone may be a footnote mark.
 */
export function numbersDiffer(
  ours: readonly string[],
  { place, within }: { readonly place: readonly string[]; readonly within: readonly string[] }
): boolean {
  const written = (words: readonly string[]): readonly string[] =>
    words.filter((word) => WRITTEN.test(word)).map((word) => wholeNumber(word) ?? word)
  const numbers = written(ours)
  const others = written(place)
  const noneShared = !numbers.some((number) => others.includes(number))
  if (numbers.length > 0 && others.length > 0 && noneShared && others.join('') !== numbers.join(''))
    return true
  return [wholeNumber, mixedName, letter].some((kind) => isReplaced(ours, within, kind))
}

/** Whether a number of one kind is missing, and another of that kind is there instead. */
function isReplaced(
  ours: readonly string[],
  place: readonly string[],
  kind: (word: string) => string | null
): boolean {
  const [own, other] = [ours, place].map((words) => words.flatMap((word) => kind(word) ?? []))
  const lost = without(own ?? [], other ?? [])
  const strange = without(other ?? [], own ?? [])
  // `10⁶` and `106`, `1,000` and `1000` have the same digits; a name separated elsewhere is in the other list
  // as well.
  return lost.length > 0 && strange.length > 0 && lost.join('') !== strange.join('')
}

function wholeNumber(word: string): string | null {
  if (/^\d{1,6}$/.test(word)) return word
  return SPOKEN.get(word) ?? /^(\d{1,2})(?:st|nd|rd|th)$/.exec(word)?.[1] ?? null
}

/** `h5n1`, `p53`; a word with a mark attached (`geese1`) does not count. */
function mixedName(word: string): string | null {
  return /^(?=.{0,6}\d)(?=.{0,6}[a-z])[a-z\d]{2,7}$/.test(word) &&
    !/^[a-z]{5,}\d$|^\d+(?:st|nd|rd|th)$/.test(word)
    ? word
    : null
}

/** `Vitamin C`, `Series B`; `i`, `v` and `x` are numbers. */
function letter(word: string): string | null {
  return /^[a-hj-uwyz]$/.test(word) ? word : null
}

/** Items of a list that the other lacks, with multiplicity. */
function without(words: readonly string[], other: readonly string[]): string[] {
  const left = [...other]
  return words.filter((word) => {
    const at = left.indexOf(word)
    if (at >= 0) left.splice(at, 1)
    return at < 0
  })
}

/** The text after a title on its line that makes it the title of another part: `II`, `Part 2`, `Volume Two`. */
export function isPartNumber([first = '', second = '']: readonly string[]): boolean {
  if (/^(?:part|volume|series|chapter|book|teil|partie|parte)$/.test(first))
    return wholeNumber(second) !== null
  // The first letter of a name is a number, too.
  return first.length > 1 && ROMAN.includes(first)
}
