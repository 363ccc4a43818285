/** What the thread that reads a manifest answers. */
import { type ErrorCode } from '../../contract/errors'
import type { Manifest } from './manifest-rows'

export type ManifestAnswer =
  | { readonly kind: 'read'; readonly manifest: Manifest }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string }
