/**
 * The weight of a word for identifying a paper, from 0 to 1. Without a corpus the inverse document frequency
 * is estimated: function words weigh nothing, words common in titles of any field weigh little, and of the
 * others longer ones are rarer (Zipf's law of abbreviation). Pure.
 */

/** Function words: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Nordic, Indonesian, Turkish, Russian. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    'the of and in to a is for with that by on as are was were from this be we an at or which not have has had it its their than between into over under via can do does no but if our these those using during among within without about after before through per ' +
    'der die das dem den des und von zu mit ist im ein eine einer eines einem einen fur auf nicht bei aus am als auch durch nach uber unter wie zur zum sich ' +
    'le la les de du et en un une dans pour que est sur par au aux ce ces son sa ses avec entre chez ' +
    'el los las y del por con una se al como su sus entre sobre lo desde hasta ' +
    'il lo gli di che e della delle dei degli nel nella da per tra fra i ' +
    'o os as um uma para em na no nas nos ao aos sob ' +
    'van het een te dat op bij voor met aan door naar uit ' +
    'w z nie sie jest oraz dla przez po przy ' +
    'och att det som av pa til og paa fra ved ' +
    'dan yang di ke dari pada untuk dengan dalam ini itu ' +
    've bir ile icin bu olarak ' +
    'и в на с по из для при от к о не что как это'
  ).split(' ')
)

/** Words common in titles and texts of any field. */
const COMMON_WORDS: ReadonlySet<string> = new Set(
  (
    'study studies analysis analyses effect effects result results model models modeling modelling method methods data system systems approach approaches ' +
    'new novel based case review overview introduction note notes application applications role use uses research report investigation evaluation assessment ' +
    'development design theory theoretical experimental experiment experiments problem problems some two three one first second general high low large small ' +
    'different multiple single various state time human paper article journal international science sciences university institute department ' +
    'properties structure structures function functions process processes performance comparison comparative characterization determination estimation ' +
    'part towards toward impact influence evidence test testing practice issue issues perspective future current recent ' +
    'untersuchung untersuchungen studie analyse einfluss etude etudes effet effets estudio estudios analisis efecto efectos studio analisi effetto estudo analise efeito ' +
    'исследование анализ влияние'
  ).split(' ')
)

const WEIGHTS_BY_LENGTH = [0, 0.3, 0.4, 0.5, 0.7, 0.85, 0.9] as const
const COMMON = 0.3

/** The word must be folded (`plain-words`). */
export function weightOf(word: string): number {
  if (FUNCTION_WORDS.has(word)) return 0
  if (COMMON_WORDS.has(word)) return COMMON
  return WEIGHTS_BY_LENGTH[word.length] ?? 1
}

/** A list of words always has some weight: in a title made of function words, these count. */
export function weightsOf(words: readonly string[]): readonly number[] {
  const weights = words.map(weightOf)
  return weights.some((weight) => weight > 0) ? weights : words.map(() => COMMON)
}

export const sumOf = (weights: readonly number[]): number => weights.reduce((sum, one) => sum + one, 0)
