/** Figures of the screens. Author names in a table row: family names of people, whole names of organisations. */
import { expect, it } from 'vitest'
import { authors, bytes, bytesOf, shareKnown } from '../../src/renderer/text/figures'

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

it.each([
  [0, '0 B'],
  [12_300, '12 kB'],
  [999_400, '999 kB'],
  [999_700, '1.0 MB'],
  [4_510_000, '4.5 MB'],
  [999_700_000, '1.0 GB']
])('%d bytes: %s, never a thousand of a unit', (value, words) => {
  expect(bytes(value)).toBe(words)
})

it('gives a part in the unit of the whole, and no share without a total', () => {
  expect(bytesOf(2_900_000, 4_500_000)).toBe('2.9 of 4.5 MB')
  expect(bytesOf(100, 999_700)).toBe('0.0 of 1.0 MB')
  expect([shareKnown(41, 100), shareKnown(41, 0), shareKnown(41, null)]).toEqual(['41 %', null, null])
})
