/**
 * The texts of the sample papers. All of it is invented for Sheaf's demonstration: people, places and
 * findings do not exist, and each paper says so at the top.
 */
export interface SampleText {
  readonly title: string
  readonly authors: readonly string[]
  readonly year: number
  readonly venue: string
  readonly abstract: string
  readonly introduction: string
  readonly methods: string
  readonly findings: string
  readonly discussion: string
}

export const SAMPLE_TEXTS = {
  hedgerows: {
    title: 'Hedgerow gaps and the evening flights of long-eared bats',
    authors: ['Okonkwo, Adaeze', 'Lindqvist, Per'],
    year: 2016,
    venue: 'Annals of Quiet Ecology',
    abstract:
      'Bats follow hedgerows on their way to feed. We asked how wide a gap may be before they turn back, and found that most animals crossed gaps of up to nine metres and almost none crossed gaps of more than thirty.',
    introduction:
      'A hedgerow is a road in the air. Farmers open it for gates and machines, and each opening is small, but nobody had measured what openings of different widths do to the animals that fly along it after sunset. Earlier accounts rest on single evenings and single hedges.',
    methods:
      'Two observers stood at each of forty gaps for six evenings between May and August. Passes were counted by ear with a detector and by eye while the light allowed it. A pass counted as a crossing when the animal was heard on both sides within four seconds.',
    findings:
      'Of 1,812 approaches, 1,204 ended in a crossing. Up to nine metres the share of crossings was steady, at about nine in ten. It fell evenly with every further metre and reached one in twenty at thirty metres. Wind made turning back more likely, moonlight did not.',
    discussion:
      'A narrow gate does little harm, a wide one cuts the road. Where wide openings are needed, two posts with a line of hops between them restored most crossings in the single place where we could try it. That trial should be repeated elsewhere before anybody builds on it.'
  },
  ledgers: {
    title: 'What double-entry ledgers of small harbours tell about winter trade',
    authors: ['Castellano, Inés', 'Brandt, Ole', 'Mwangi, Grace'],
    year: 2009,
    venue: 'Journal of Provincial Accounts',
    abstract:
      'Seven account books from small harbours were transcribed in full. Read side by side they show that winter trade did not stop, as is often written, but moved into the hands of people who were not merchants.',
    introduction:
      'Histories of coastal trade rest on the books of large houses, which closed in November. Small harbours kept books as well. They are harder to read, because the same page holds debts, gifts and weather, and they have seldom been read to their end.',
    methods:
      'Every line of seven books, 41,300 in all, was transcribed twice by different readers and compared. Amounts were turned into days of unskilled work, so that places with different coins could stand in one table. Lines that could not be read were kept and marked.',
    findings:
      'Between November and March the number of entries fell by a third and their value by a tenth. Salt, rope and candles kept moving. Two thirds of the winter debtors appear in no summer entry: they were teachers, midwives and a sexton, trading with what the summer had left them.',
    discussion:
      'The quiet winter of the large houses is a fact about those houses. Whoever wishes to know when a coast was at work should look into the small books too, and should read the margins, where most of the winter stands.'
  },
  lichens: {
    title: 'Growth of map lichens on north-facing gravestones over sixty years',
    authors: ['Hálek, Petr', 'Nakagawa, Yui'],
    year: 2018,
    venue: 'Northern Field Notes',
    abstract:
      'Photographs of 212 dated gravestones, taken by three generations of one family, allow the growth of map lichens to be measured over sixty years. The rate is half of what is commonly assumed, and it has not changed.',
    introduction:
      'Lichens are used as clocks: the larger the patch, the older the stone. The clock must be set with stones of known age, and such stones are usually looked at once. A family of sextons photographed the same stones every tenth year, with a ruler in the picture.',
    methods:
      'All photographs were scanned and scaled by their ruler. Two readers outlined each patch without knowing the year. Stones that had been cleaned or moved, fifty-one of them, were left out; what remained gave 690 pairs of pictures ten years apart.',
    findings:
      'The mean radial growth was 0.31 millimetres a year, with little spread between stones and none between decades. Patches on stones that face north grew no slower than others, against what all handbooks say; patches under yews grew not at all.',
    discussion:
      'If the common rate is twice the true one, then surfaces dated with it are twice as old as was thought. We do not know whether the stones of one valley speak for others. The photographs are kept in the parish and may be measured again by anybody.'
  },
  proofreading: {
    title: 'Reading backwards: an old proofreading habit put to the test',
    authors: ['Dufour, Elise', 'Tan, Wei Ling'],
    year: 2021,
    venue: 'Letters on Attention',
    abstract:
      'Proofreaders are taught to read a text backwards, so that meaning does not carry the eye past a mistake. In an experiment with 96 readers this found more misspelt words and fewer wrong ones.',
    introduction:
      'The advice is in every manual and its reason is plain. Whoever knows what a sentence will say does not see what it does say. Yet a mistake is not always in the letters, and a word may be right by itself and wrong where it stands.',
    methods:
      'Ninety-six readers corrected four pages with twenty planted mistakes each, ten in spelling and ten in sense. Half read two pages forwards first, half backwards first. Time was not limited, but it was recorded, and nobody was told how many mistakes there were.',
    findings:
      'Backwards, readers found 8.7 of ten misspellings instead of 7.1, and 3.2 of ten wrong words instead of 6.9. They needed half as much time again. Practice changed little: those who do it for a living were faster in both directions and no better in either.',
    discussion:
      'The habit is a good one for the half of the mistakes that it can see. A page should be read twice, once in each direction, and the forward reading should come last. Where there is time for one reading only, it had better be forward.'
  },
  tides: {
    title: 'Tidal pools as classrooms: counting what children notice',
    authors: ['Eriksen, Jon', 'Abbott, Mara'],
    year: 2014,
    venue: 'Teaching Outdoors',
    abstract:
      'Three hundred children between eight and eleven described the same tidal pool, before and after one hour beside it. What they noticed doubled; what they believed about it hardly moved.',
    introduction:
      'A tidal pool is small enough to be seen at once and full enough never to be seen wholly. Teachers like it for that reason. Whether children who have sat beside one see more afterwards, or merely enjoy themselves, has been asserted in both directions.',
    methods:
      'Each child drew and described the pool from a photograph, spent one hour beside it without instruction, and did the same again from another photograph. Two people counted the things named, and noted every sentence that contains a reason.',
    findings:
      'The number of things named rose from nine to nineteen. Movement was mentioned by a fifth of the children before and by three quarters after. Sentences with a reason rose only from two to three, and many of the reasons were wrong in the same way as before.',
    discussion:
      'An hour beside a pool teaches to look. It does not teach why, and there is no cause to expect that it should. We suggest that instruction should follow the looking and not go before it; this study does not show that, it only makes it worth trying.'
  },
  bridges: {
    title: 'Footbridges that hum: wind, railings and the complaints of neighbours',
    authors: ['Garai, Noor', 'Fujita, Ren'],
    year: 2019,
    venue: 'Structures and Their Neighbours',
    abstract:
      'Some footbridges hum in moderate wind. Measurements on eleven of them show that the railing is at fault and not the deck, and that one clamp in every third bay is enough to silence it.',
    introduction:
      'People who live near a humming bridge describe it well, and are often told that it cannot be. The note is low, it comes with steady wind from one side, and it stops when somebody leans on the railing. That last remark, made in eight of eleven letters, was our beginning.',
    methods:
      'Microphones and small accelerometers were fixed to deck, cables and railings of eleven bridges for one autumn. Whenever the note was heard, the part that moved at its pitch was noted. Afterwards clamps were set and moved until nothing was heard.',
    findings:
      'In all eleven cases the balusters of the railing moved at the pitch of the note, each row in step. Decks and cables moved at other pitches. A rubber-lined clamp in every third bay broke the step, and the note with it, in winds of up to fourteen metres a second.',
    discussion:
      'The remedy costs less than the first letter of a lawyer. It was found by believing what neighbours said about leaning. We have not looked at railings of glass, of which there was none among the eleven.'
  },
  starlight: {
    title: 'A decade of starlight through a school window',
    authors: ['Varga, Ilona', 'Stone, Marcus'],
    year: 2020,
    venue: 'Preprints of the Patient Sky',
    abstract:
      'A camera behind the same school window photographed the same patch of sky on every clear night for ten years. The series is long enough to show the brightening of the town and short enough to blame it on two car parks.',
    introduction:
      'Skies grow brighter near towns, and most records of it come from satellites, which look down and at midnight. A pupil proposed to look up, at the hour when children go to bed, and the school had a window that opens to the north and a camera nobody used.',
    methods:
      'The camera took four pictures an hour from dusk to ten. Pictures with cloud were sorted out by counting stars. The brightness between the stars was compared with that of six stars that do not vary, so that an ageing camera could not be mistaken for an ageing sky.',
    findings:
      'The sky between the stars grew brighter by 38 per cent in ten years, in two steps and not evenly. Each step came within a fortnight of the opening of a car park. On the night of a power cut in the seventh year it was darker than in the first.',
    discussion:
      'One window sees one town. But the two steps are plain, their dates are known, and the lamps that made them shine upwards for no reason. They could be turned. The pictures, nine thousand of them, belong to the school and are open to everybody.'
  },
  bread: {
    title: 'Why village ovens were fired on Thursdays',
    authors: ['Moreau, Claire', 'Silva, Tomé'],
    year: 2011,
    venue: 'Journal of Provincial Accounts',
    abstract:
      'In many villages the common oven was fired on one day of the week, and surprisingly often on a Thursday. Wood, not custom, explains the day.',
    introduction:
      'The common oven was heated for many households at once, since heating it took most of the wood. Rules about its day survive from two hundred villages. Thursday stands in more than half of them, and sermons, markets and saints have all been made responsible.',
    methods:
      'For each village we noted the day of the oven, of the market and of the nearest wood sale, and the distance to the forest. Villages that changed their day, thirty-four of them, were studied one by one, since a change is a small experiment.',
    findings:
      'The oven day is the day after the wood sale in 161 of 203 villages. Where the sale moved, the oven followed within two years in twenty-nine of thirty-four cases. Market days and feast days show no such pattern. Distance to the forest made the rule stricter.',
    discussion:
      'Fresh wood was bought when it was cheap and burnt before it could be taken. That is not a romantic reason, and it leaves five changes unexplained. For these the minutes are silent, and we prefer to be silent with them.'
  },
  moss: {
    title: 'Moss on slate roofs delays the first litre of rain',
    authors: ['Byrne, Aoife', 'Schuster, Karl'],
    year: 2017,
    venue: 'Annals of Quiet Ecology',
    abstract:
      'Moss is scraped from roofs because it is believed to hold water and to harm slate. On twelve roofs it held the first litre of every square metre, and gave it back to the air within a day.',
    introduction:
      'Gutters overflow in the first minutes of heavy rain. Anything that delays those minutes is welcome below, and moss, which is removed above at some expense, might be such a thing. Its capacity has been measured in dishes, not on roofs.',
    methods:
      'Twelve roofs of one street were divided into halves; moss stayed on one half and was lifted from the other. Each half had its own gutter with a tipping gauge. Rain, wind and the wetness of the moss were recorded every minute for two years.',
    findings:
      'The mossy halves delayed the first flow by eleven minutes and kept 0.9 litres from each square metre in an ordinary shower. In rain that lasted for more than two hours both halves gave the same. Slates under moss were neither softer nor wetter beneath than bare ones.',
    discussion:
      'Moss is a small reservoir that empties itself. One roof of it changes nothing; a street of it changes the first minutes of a storm by an amount that a gutter notices. Whether frost alters this we could not see in two mild winters.'
  },
  maps: {
    title: 'Errors that travel: how one misplaced island was copied for a century',
    authors: ['Petrov, Mila', 'Adeyemi, Tunde'],
    year: 2013,
    venue: 'Cartographic Miscellany',
    abstract:
      'An island drawn two degrees too far east appears in ninety-four maps over 103 years. The order in which the error was copied can be read from a second, smaller error that travelled with it.',
    introduction:
      'Copyists copy mistakes, and mistakes tell who copied whom. Scholars of manuscripts have used this for two hundred years. Maps are drawn by people who see other maps, and they should yield to the same treatment, provided that a mistake is large enough to be seen and small enough not to be corrected.',
    methods:
      'We measured the position of the island in 311 maps and noted the spelling of its single village, which occurs in seven forms. A tree was made twice, once from the position and once from the spelling, by two people who had not seen the work of each other.',
    findings:
      'The two trees agree in all but three branches. Both begin with one pilot book, whose printer set an eight for a six. Sailors corrected the island in their own copies within ten years; printers took a century, and the last wrong map is a school atlas.',
    discussion:
      'What is used is corrected, and what is sold is copied. The three branches that disagree share a publisher who owned maps of two families, and who seems to have taken positions from one and names from the other.'
  },
  queues: {
    title: 'Standing in line: how people choose between two equal queues',
    authors: ['Rossi, Carlo', 'Haddad, Leila'],
    year: 2022,
    venue: 'Letters on Attention',
    abstract:
      'At two equal counters people join the queue whose last person stands nearer to them, even when it is longer by two. Lines drawn on the floor abolish the effect.',
    introduction:
      'Whoever designs a hall with two counters supposes that people count. They can count, and they have time to. Yet queues in such halls are seldom equal, and the longer one is seldom the one behind the better clerk.',
    methods:
      'In the hall of a post office 4,096 arrivals were observed from above on sixteen days. The length of both queues and the distance to the last person in each were noted at the moment of choice. On eight of the days lines were drawn on the floor.',
    findings:
      'Without lines, seven of ten arrivals joined the queue whose end was nearer; length mattered only from a difference of three. With lines, eight of ten joined the shorter queue. Waiting fell by a fifth, though nobody worked faster.',
    discussion:
      'A line on the floor turns a distance into a number. The hall where we stood has kept its lines. Where space is short a single queue for both counters would be better still, and there the choice that we studied disappears.'
  },
  letters: {
    title: 'Unsent letters in parish archives: a first survey',
    authors: ['Weiss, Johanna'],
    year: 1998,
    venue: 'Archive and Attic',
    abstract:
      'Archives keep letters that were written and never sent. A survey of thirty parishes found 614 of them, most of them finished, folded and addressed.',
    introduction:
      'A letter in the archive of its writer is either a copy or was never sent. Copies are marked as such by careful people, and there are fewer careful people than is supposed. The unsent letter has no place in any catalogue that we know of.',
    methods:
      'All loose papers of thirty parish archives were looked through. A letter counted as unsent when it was folded and addressed, bore no postal mark and stood in no book of copies. Doubtful pieces, 212 in number, were counted apart.',
    findings:
      'We found 614 unsent letters from 1740 to 1910. Four in five are finished. Half are addressed to people who lived less than a day away. Requests for money are rare; apologies are not.',
    discussion:
      'It is tempting to explain them and we have resisted it. A list with dates and places is deposited with the parishes. The letters themselves were not written to us, and we did not copy them.'
  }
} as const satisfies Record<string, SampleText>

export type SampleKey = keyof typeof SAMPLE_TEXTS
