/**
 * The catalogue of misbehaviours: name, description and the result that a correct client must reach. Each can
 * be applied to the URL of any file (`misbehave`). Two kinds affect whole hosts instead: `tls-refused` and
 * `connection-refused`, see `world.connectionTroubles`.
 */
import { BROKEN_TRANSFERS } from './misbehave-transfer'
import { CHANGING_FILES } from './misbehave-versions'
import { LYING_HEADS } from './misbehave-heads'
import { REDIRECTS } from './misbehave-redirects'
import { REFUSALS } from './misbehave-refusals'
import { WRONG_CONTENTS } from './misbehave-content'
import { later, rejected, type Misbehaviour, type Parameters } from './misbehaviour'

const HOSTS = {
  'tls-refused': {
    about: 'The host’s certificate is one that nobody trusts.',
    ends: rejected('TLS_FAILED'),
    script: () => ({})
  },
  'connection-refused': {
    about: 'Nobody listens at the host’s address.',
    ends: later('CONNECTION_REFUSED', 'BREAKER_OPEN'),
    script: () => ({})
  }
} satisfies Record<string, Misbehaviour>

export const MISBEHAVIOURS = {
  ...WRONG_CONTENTS,
  ...BROKEN_TRANSFERS,
  ...CHANGING_FILES,
  ...LYING_HEADS,
  ...REDIRECTS,
  ...REFUSALS,
  ...HOSTS
} satisfies Record<string, Misbehaviour>

export type MisbehaviourKind = keyof typeof MISBEHAVIOURS
export const MISBEHAVIOUR_KINDS = Object.keys(MISBEHAVIOURS) as MisbehaviourKind[]

export interface Misbehave extends Parameters {
  readonly kind: MisbehaviourKind
}

export function misbehaviour(kind: MisbehaviourKind): Misbehaviour {
  return MISBEHAVIOURS[kind]
}
