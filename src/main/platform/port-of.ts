/** The port of a listening server. */
import type { Server } from 'node:net'
import { fail } from '../../contract/errors'

export function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  if (typeof address === 'object' && address !== null) return address.port
  return fail('BROKEN_INVARIANT', 'A server was asked for its port while it does not listen on one.')
}
