/**
 * An invented reading list for the screenshots of the guide: enough works of several fields to fill a screen,
 * with the problems of a real list. Names and titles are made up.
 */
import type { WorldWork } from '../web/works'

/** key · title · authors · year */
const ARRIVE = `
soil|Soil carbon under perennial grain rotations: a twelve-year record from three farms|Marrow, Ida; Okafor, Ben; Lindqvist, Per; Sato, Emi|2023
census|A census of open full texts in the life sciences, 2010–2024|Bellamy, Ruth; Osei, Kwame|2024
fmri|Reproducibility of small-sample group analyses in functional imaging|Kessler, Tom; Adeyemi, Folu; Brandt, Nina|2022
weather|The thermodynamics of weathering in basaltic catchments|Thorsen, Liv|2020
seagrass|Seagrass meadows as nurseries: a synthesis of 214 field studies|Amaral, Inês; Duarte, Rui; Hale, Jo|2021
attention|When attention is not enough: rank collapse in deep sequence models|Ferro, Luca; Zhang, Wei; Novak, Petra|2021
pollen|Pollen records of the late Holocene from a raised bog in Jutland|Møller, Anne; Holm, Karl|2019
dialect|Dialect levelling in four harbour towns, 1950–2020|Fraser, Isla; Boyd, Ewan|2022
perovskite|Moisture-tolerant perovskite cells with a self-healing interlayer|Chandra, Priya; Weiss, Jonas; Liu, Han|2024
migration|Night migration of passerines across the Strait: nine years of radar|Vidal, Marta; Ruiz, Pau; Klein, Ute|2023
zebrafish|A cell atlas of the regenerating zebrafish fin|Hoffmann, Lea; Tanaka, Ryo; Silva, Ana; Perez, Juan|2022
rivers|Rivers that change their minds: avulsion frequency on fans of the Andes|Quispe, Rosa; Meyer, Dirk|2020
antibody|Broadly neutralising antibodies after repeated mild infection|Nkosi, Thandi; Berg, Elin; Moreau, Luc|2024
glass|Ageing of volcanic glass under ambient humidity|Ito, Kenji|2018
archive|What archives forget: silence and survival in parish registers|Whitlock, Edith|2017
comets|Volatile inventories of nine short-period comets|Costa, Davi; Huang, Mei; Novotny, Jan|2023
graphs|Sparse cuts in graphs with hidden geometry|Rahman, Sadia; Goldberg, Noa|2022
sleep|Sleep, screens and school mornings: a cohort of 11,000 adolescents|Jensen, Mia; Clarke, Paul|2023
orchard|Old orchards as refuges for saproxylic beetles|Weber, Klara; Dubois, Anne|2021
tides|Tidal asymmetry and the fate of fine sediment in a closed estuary|Visser, Joost; Byrne, Aoife|2020
looms|Pattern books and power looms: weaving knowledge, 1790–1840|Ashworth, Nell|2016
quantum|Error budgets for small trapped-ion registers|Becker, Finn; Rossi, Giulia; Patel, Arun|2024
vaccine|Cold chains without grids: vaccine storage in twelve districts|Mwangi, Grace; Haile, Dawit|2022
corals|Heat memory in massive corals of the northern Red Sea|Haddad, Rami; Cohen, Maya|2023
bridges|Monitoring the fatigue of historic iron bridges with cheap sensors|Gallagher, Sean; Ortiz, Luz|2021
moths|Moth assemblages along an elevational gradient in the southern Alps|Gruber, Eva; Conti, Marco|2019
salt|Salt flats breathe: carbon exchange of an evaporite crust|Flores, Ximena; Reid, Alan|2022
speech|Early speech perception in bilingual homes|Larsen, Kirsten; Diallo, Awa; Kim, Soo|2020
ice|A firn core from the divide: accumulation since 1760|Nansen, Odd; Petrov, Ilya|2018
maps|Counter-mapping the commons: a review of participatory cartography|Harjo, Dana; Singh, Meera|2021
enzyme|Directed evolution of a plastic-degrading enzyme at low temperature|Costa, Bruna; Yilmaz, Deniz; Novák, Eliška|2023
lichen|Lichens on city walls: forty years of cleaner air|Harding, Joan|2022
ferns|Genome size and the slow lives of ferns|Obi, Chidi; Larsson, Maja|2024
markets|Price discovery in thin farm markets: evidence from auctions of hay|Keller, Ruth; Banda, Joseph|2019
`

const list = ARRIVE.trim()
  .split('\n')
  .map((line) => line.split('|') as [string, string, string, string])

const VIA = ['unpaywall', 'openalex', 'landing_scrape', 'europe_pmc', 'unpaywall'] as const
const LICENCES = ['cc-by', 'cc-by-nc', 'cc-by', 'cc0', 'cc-by-sa', undefined] as const

/** The download that is interrupted at 1.8 of its 4.5 MB. */
export const INTERRUPTED: WorldWork = {
  key: 'milky',
  title: 'Unsupervised learning of structure in spectroscopic surveys of the Milky Way',
  authors: ['Okonkwo, Adaeze', 'Fischer, Tilman', 'Araki, Sho', 'Petit, Claire'],
  year: 2024,
  bytes: 4_500_000,
  copies: [
    { via: 'landing_scrape', version: 'publishedVersion', license: 'cc-by' },
    { via: 'unpaywall', misbehave: { kind: 'html-login' } }
  ]
}
export const SLOW: readonly WorldWork[] = [
  {
    key: 'isotopes',
    title: 'Clumped isotopes of soil carbonates as a palaeothermometer: promises and limits',
    authors: ['Brandt, Nils', 'Omar, Layla'],
    year: 2022,
    bytes: 6_400_000
  },
  {
    key: 'whales',
    title: 'Songs that travel: cultural transmission among humpback whales of the South Pacific',
    authors: ['Tane, Aroha', 'Moana, Lagi', 'Smith, Cora'],
    year: 2023,
    bytes: 5_100_000
  },
  {
    key: 'steppe',
    title: 'Horse husbandry on the steppe before writing',
    authors: ['Bayar, Nomin'],
    year: 2021,
    bytes: 3_600_000
  }
].map((work) => ({ ...work, copies: [{ via: 'unpaywall', license: 'cc-by' }] }))

export const READING_LIST: readonly WorldWork[] = [
  ...list.map(([key, title, authors, year], at) => {
    const license = LICENCES[at % LICENCES.length]
    const via = VIA[at % VIA.length] ?? 'unpaywall'
    return {
      key,
      title,
      authors: authors.split('; '),
      year: Number(year),
      bytes: 160_000 + ((at * 7_919) % 90) * 21_000,
      ...(via === 'europe_pmc' ? { pmcid: `PMC${String(6_990_000 + at)}` } : {}),
      copies: [
        {
          via,
          version: at % 5 === 0 ? ('acceptedVersion' as const) : ('publishedVersion' as const),
          ...(license === undefined ? {} : { license })
        }
      ]
    }
  }),
  {
    key: 'preprint',
    title: 'A census of open full texts in the life sciences (preprint)',
    authors: ['Bellamy, Ruth', 'Osei, Kwame'],
    year: 2023,
    copies: [{ via: 'unpaywall', of: 'census' }]
  },
  {
    key: 'closed1',
    title: 'Gift exchange and obligation in the early Icelandic sagas',
    authors: ['Eriksen, Tor'],
    year: 2015,
    copies: []
  },
  {
    key: 'closed2',
    title: 'Bayesian phylogenetics with sparse tree priors',
    authors: ['Hall, Simon', 'Gupta, Rhea'],
    year: 2018,
    copies: []
  },
  {
    key: 'closed3',
    title: 'Handbook of tropical dendrology, chapter 9: wood anatomy',
    authors: ['Santos, Miguel'],
    year: 2012,
    copies: []
  },
  {
    key: 'signin1',
    title: 'Membrane fouling in desalination: a mechanistic model',
    authors: ['Saleh, Noor', 'Barker, Hugh'],
    year: 2021,
    copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }]
  },
  {
    key: 'signin2',
    title: 'The economics of dark kitchens',
    authors: ['Romano, Elsa'],
    year: 2022,
    copies: [{ via: 'unpaywall', misbehave: { kind: 'html-login' } }]
  },
  {
    key: 'wrong',
    title: 'Headache after concussion: a randomised trial of early exercise',
    authors: ['Lund, Peter', 'Mbeki, Zola'],
    year: 2020,
    copies: [{ via: 'unpaywall', misbehave: { kind: 'wrong-paper' } }]
  },
  INTERRUPTED,
  ...SLOW
]
