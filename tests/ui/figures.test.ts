/** Author names in a table row: family names of people, whole names of organisations. */
import { expect, it } from 'vitest'
import { authors } from '../../src/renderer/text/figures'

it.each([
  ['Ada Lovelace', 'Lovelace'],
  ['Lovelace, Ada', 'Lovelace'],
  ['van der Berg, Jan', 'van der Berg'],
  ['de la Cruz, Maria', 'de la Cruz'],
  ['Martin Luther King Jr.', 'King'],
  ['Martin Luther King, Jr.', 'King'],
  ['King Jr., Martin Luther', 'King'],
  ['King, Martin Luther, Jr.', 'King'],
  ['Robert Downey III', 'Downey'],
  ['World Health Organization', 'World Health Organization'],
  ['The ATLAS Collaboration', 'The ATLAS Collaboration'],
  ['International Human Genome Sequencing Consortium', 'International Human Genome Sequencing Consortium'],
  ['1000 Genomes Project', '1000 Genomes Project'],
  ['Max Planck Institute for Physics', 'Max Planck Institute for Physics'],
  ['Department of Energy', 'Department of Energy'],
  ['Groupe, Anne', 'Groupe'],
  ['Plato', 'Plato'],
  ['', '']
])('%s: %s', (name, family) => {
  expect(authors([name])).toBe(family)
})

it('names three and marks that there are more', () => {
  const four = ['Ada Lovelace', 'World Health Organization', 'King, Martin Luther', 'Plato']
  expect(authors(four)).toBe('Lovelace, World Health Organization, King et al.')
})
