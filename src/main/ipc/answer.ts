/**
 * Answers a request of the page, by name and input. Invariant: a handler gets only input that passed its
 * schema, and the page gets a value or an error as data (code, sentence, hint): no stack, no exception, and
 * nothing of the input but the name of a field.
 */
import type { z } from 'zod'
import { type ErrorData, ERRORS, messageOf, SheafError } from '../../contract/errors'
import type { RequestName } from '../../contract/request-names'
import { REQUESTS, type Answer, type CheckedInputOf } from '../../contract/requests'
import type { Log } from '../platform/log'
import type { Handlers, HandlersOf } from './handler-deps'
import { USUAL_BOUNDS, whyNotPlain, type Bounds } from './plain-input'

/** Size limits for inputs whose schema accepts any JSON. */
const BOUNDS: Partial<Record<RequestName, Bounds>> = {
  'app.remember': { depth: 12, nodes: 20_000, chars: 64_000 },
  'settings.set': { depth: 12, nodes: 50_000, chars: 256_000 },
  'settings.check': { depth: 12, nodes: 50_000, chars: 256_000 }
}

export type AnswerRequest = (name: unknown, input: unknown) => Promise<Answer<unknown>>

export function makeAnswer(handlers: Handlers, log: Log): AnswerRequest {
  return async (name, input) => {
    try {
      if (!isRequestName(name)) return refuse('The window asked for something that Sheaf does not know.')
      return await answerTo(handlers, name, input)
    } catch (error) {
      return { ok: false, error: asData(error, name, log) }
    }
  }
}

async function answerTo<N extends RequestName>(
  handlers: HandlersOf<N>,
  name: N,
  input: unknown
): Promise<Answer<unknown>> {
  const read = check(name, input)
  return read.ok ? { ok: true, value: await handlers[name](read.value) } : refuse(read.because)
}

export function isRequestName(name: unknown): name is RequestName {
  return typeof name === 'string' && Object.hasOwn(REQUESTS, name)
}

const INPUTS: { readonly [N in RequestName]: { readonly input: z.ZodType<CheckedInputOf<N>> } } = REQUESTS

type Checked<V> = { readonly ok: true; readonly value: V } | { readonly ok: false; readonly because: string }

/** The validated input, or a sentence that names the wrong field and what is allowed. */
export function check<N extends RequestName>(name: N, input: unknown): Checked<CheckedInputOf<N>> {
  const because = whyNotPlain(input, BOUNDS[name] ?? USUAL_BOUNDS)
  if (because !== null) return { ok: false, because: `${name}: the input ${because}.` }
  const read = INPUTS[name].input.safeParse(input)
  if (read.success) return { ok: true, value: read.data }
  return { ok: false, because: sentenceOf(name, read.error.issues[0]) }
}

const MOST_CHARS = 300

function sentenceOf(name: RequestName, issue: z.core.$ZodIssue | undefined): string {
  const field = (issue?.path ?? []).map((part) => String(part).slice(0, 40)).join('.')
  const sentence = `${name}: ${field === '' ? 'the input' : field.slice(0, 100)} ${issue === undefined ? 'is not allowed' : fault(issue)}.`
  return sentence.slice(0, MOST_CHARS)
}

function fault(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return `must be ${WORDS[issue.expected] ?? issue.expected}`
    case 'too_big':
      return `must ${limited('at most', issue.maximum, issue.origin)}`
    case 'too_small':
      return `must ${limited('at least', issue.minimum, issue.origin)}`
    case 'invalid_value':
      return `must be one of ${issue.values.slice(0, 12).map(String).join(', ')}`
    case 'unrecognized_keys':
      return 'has a field that is not known'
    case 'invalid_union':
      return 'does not have one of the forms that are allowed'
    case 'custom':
      return `is ${issue.message}`
    case 'invalid_format':
    case 'invalid_key':
    case 'invalid_element':
    case 'not_multiple_of':
      return 'does not have the form that is allowed'
  }
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object'
}

function limited(how: string, limit: number | bigint, origin: string): string {
  const one = Number(limit) === 1
  if (origin === 'string') return `be ${how} ${String(limit)} ${one ? 'character' : 'characters'} long`
  if (origin === 'array') return `have ${how} ${String(limit)} ${one ? 'entry' : 'entries'}`
  return `be ${how} ${String(limit)}`
}

function refuse(message: string): Answer<never> {
  return { ok: false, error: { code: 'BAD_REQUEST', message, hint: ERRORS.BAD_REQUEST.hint } }
}

/** A deliberate error keeps its message; anything else is a bug, and its details go only to the log. */
export function asData(error: unknown, name: unknown, log: Log): ErrorData {
  if (error instanceof SheafError) return error.toData()
  log.error('A request met an unexpected error', {
    request: isRequestName(name) ? name : 'unknown',
    error: messageOf(error),
    stack: error instanceof Error ? error.stack : undefined
  })
  return { code: 'INTERNAL', message: ERRORS.INTERNAL.sentence, hint: ERRORS.INTERNAL.hint }
}
