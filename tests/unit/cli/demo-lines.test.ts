/** Which output lines of the child Sheaf process the demo reads. */
import { expect, test } from 'vitest'
import { demoLineOf, fetchedTwiceIn } from '../../../src/main/cli/demo-lines'

test('a line of a type that the demo shows is read', () => {
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
])('%s is ignored', (_, text) => {
  expect(demoLineOf(text)).toBeNull()
})

test('bytes fetched twice are part of the status line', () => {
  expect(fetchedTwiceIn('{"type":"status","bytes_fetched_twice":12}')).toBe(12)
  expect(fetchedTwiceIn('{"type":"status"}')).toBeNull()
})
