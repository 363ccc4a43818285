/** What the demo takes of the output of the Sheaf it starts. */
import { expect, test } from 'vitest'
import { demoLineOf, fetchedTwiceIn } from '../../../src/main/cli/demo-lines'

test('a line of a kind that the demo tells of is read', () => {
  expect(demoLineOf('{"type":"progress","job_id":"j","bytes":5,"total":9}')).toEqual({
    type: 'progress',
    job_id: 'j',
    bytes: 5,
    total: 9
  })
})

test.each([
  ['half a line, as a killed process leaves it', '{"type":"progress","job_id":"j","by'],
  ['a field of the wrong kind', '{"type":"progress","job_id":"j","bytes":"5"}'],
  ['a field that is missing', '{"type":"done","job_id":"j"}'],
  ['a state that does not exist', '{"type":"state","job_id":"j","from":"PLANNED","to":"GONE"}'],
  ['a line of another kind', '{"type":"error","code":"INTERNAL","message":"","hint":""}'],
  ['JSON that is no object', '7']
])('%s is no line', (_, text) => {
  expect(demoLineOf(text)).toBeNull()
})

test('bytes fetched twice stand in the line of status', () => {
  expect(fetchedTwiceIn('{"type":"status","bytes_fetched_twice":12}')).toBe(12)
  expect(fetchedTwiceIn('{"type":"status"}')).toBeNull()
})
