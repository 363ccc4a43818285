/** Input and answer of the thread that reads a manifest. */
import { fail, type ErrorCode } from '../../contract/errors'
import { isObject } from '../../contract/unknown-values'
import type { Manifest } from './manifest-rows'

export type ManifestAnswer =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }

export function manifestBytesOf(value: unknown): Uint8Array {
  const bytes = isObject(value) ? value['bytes'] : null
  return bytes instanceof Uint8Array
    ? bytes
    : fail('BROKEN_INVARIANT', 'The thread that reads a manifest was not given its bytes.')
}
