/** Invented papers for the measure `right-paper`: titles of several fields, houses, and people who share family names. */
import type { PaperText } from '../kit/make-pdf'

export const SAMPLE_PAPERS: readonly (PaperText & { readonly publisher: string })[] = [
  {
    title: 'Seasonal migration of alpine chamois between limestone plateaus',
    authors: ['Elena Moretti', 'Jonas Keller', 'Wei Huang'],
    year: 2008,
    publisher: 'Aquatic',
    doi: '10.5555/aquatic.100',
    metadata: false
  },
  {
    title: 'Acoustic detection of leaks in buried water mains',
    authors: ['Peter Huang', 'Maria Silva'],
    year: 2009,
    publisher: 'Hydro',
    doi: '10.5555/hydro.101',
    metadata: true
  },
  {
    title: 'Ribosome stalling in heat-stressed yeast cultures',
    authors: ['Anna Kowalska', 'Li Chen', 'Tom Berg'],
    year: 2010,
    publisher: 'Cell House',
    metadata: false
  },
  {
    title: 'A spectral bound for the independence number of sparse graphs',
    authors: ['Jean Dupont', 'Rui Chen'],
    year: 2011,
    publisher: 'Math Press',
    doi: '10.5555/math.103',
    metadata: true
  },
  {
    title: 'Urban trees and the temperature of paved courtyards',
    authors: ['Sofia Berg', 'Carlos Silva'],
    year: 2012,
    publisher: 'Aquatic',
    doi: '10.5555/aquatic.104',
    metadata: false
  },
  {
    title: 'Early Bronze Age pottery from the lower Danube',
    authors: ['Ivan Petrov', 'Maria Keller'],
    year: 2013,
    publisher: 'Hydro',
    metadata: true
  },
  {
    title: 'Photoluminescence of erbium-doped tellurite glasses',
    authors: ['Kenji Tanaka', 'Yu Wang'],
    year: 2014,
    publisher: 'Cell House',
    doi: '10.5555/cell.106',
    metadata: false
  },
  {
    title: 'Household debt and municipal elections in small towns',
    authors: ['Laura Smith', 'Mark Wang'],
    year: 2015,
    publisher: 'Math Press',
    doi: '10.5555/math.107',
    metadata: true
  },
  {
    title: 'Vaccination uptake among rural health workers in highland provinces',
    authors: ['Rosa Silva', 'John Smith'],
    year: 2016,
    publisher: 'Aquatic',
    metadata: false
  },
  {
    title: 'Trajectory planning for soft robotic grippers',
    authors: ['Min Tanaka', 'Olga Petrov'],
    year: 2017,
    publisher: 'Hydro',
    doi: '10.5555/hydro.109',
    metadata: true
  },
  {
    title: 'Sediment budgets of dammed mountain rivers',
    authors: ['Marta Moretti', 'Jonas Lind'],
    year: 2018,
    publisher: 'Aquatic',
    doi: '10.5555/aquatic.110',
    metadata: false
  },
  {
    title: 'Narrative voice in the letters of nineteenth-century lighthouse keepers',
    authors: ['Emily Stone', 'Paul Dupont'],
    year: 2019,
    publisher: 'Cell House',
    metadata: true
  },
  {
    title: 'Convergence of stochastic gradient schemes on manifolds',
    authors: ['Wei Chen', 'David Stone'],
    year: 2020,
    publisher: 'Math Press',
    doi: '10.5555/math.112',
    metadata: false
  },
  {
    title: 'Bark beetle outbreaks after windthrow in spruce forests',
    authors: ['Eva Lind', 'Tomas Novak'],
    year: 2021,
    publisher: 'Aquatic',
    doi: '10.5555/aquatic.113',
    metadata: true
  },
  {
    title: 'Perception of rhythm in infants with cochlear implants',
    authors: ['Hana Novak', 'Peter Berg'],
    year: 2022,
    publisher: 'Cell House',
    metadata: false
  },
  {
    title: 'Corrosion of reinforcing steel in carbonated fly-ash concrete',
    authors: ['Ahmed Hassan', 'Li Wang'],
    year: 2023,
    publisher: 'Hydro',
    doi: '10.5555/hydro.115',
    metadata: true
  }
]
