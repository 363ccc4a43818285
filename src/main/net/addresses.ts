/**
 * Decides which addresses may be contacted. Invariant: no server or page can make Sheaf send a request to a
 * machine inside the user's network (docs/design.md §11). An address is therefore checked when it is given,
 * at every hop, and again after name resolution: the socket connects to exactly the checked address, so DNS
 * rebinding has no effect.
 */
import { before } from '../../contract/scan'
import { lookup as systemLookup, type LookupAddress, type LookupAllOptions } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { SheafError } from '../../contract/errors'
import { bareHostname } from './hosts'

/**
 * Why a host may not be contacted, or null. `hostname` is that of a WHATWG URL, which has already converted
 * decimal, octal, hex and full-width spellings to plain dotted form. Only names that mean "this machine" (RFC
 * 6761 §6.3) are checked here; the others once they are resolved.
 */
export function hostRefusal(hostname: string): string | null {
  const bare = bareHostname(hostname)
  if (isIP(bare) !== 0) return addressRefusal(bare)
  const name = bare.toLowerCase().replace(/\.$/, '')
  return name === 'localhost' || name.endsWith('.localhost') ? `${hostname} is this machine` : null
}

/** Accepts only public unicast addresses; an address that embeds an IPv4 address is checked by that. */
export function addressRefusal(address: string): string | null {
  const kind = kindOf(ipaddr.parse(before(address, '%')))
  return kind === 'unicast' ? null : `${address} is ${WORDS[kind] ?? 'not an address of the open internet'}`
}

const WORDS: Readonly<Record<string, string>> = {
  private: 'inside a private network',
  uniqueLocal: 'inside a private network',
  loopback: 'this machine',
  linkLocal: 'on the local link',
  carrierGradeNat: 'inside a provider’s network',
  multicast: 'a multicast address',
  broadcast: 'a broadcast address',
  unspecified: 'no address'
}

function kindOf(address: ipaddr.IPv4 | ipaddr.IPv6): string {
  if (address instanceof ipaddr.IPv4) return address.range()
  const kind = address.range()
  const bytes = address.toByteArray()
  // ::ffff:a.b.c.d, NAT64 (RFC 6052), SIIT (RFC 6145) end with the IPv4 address; 6to4 has it after 2002:.
  if (kind === 'ipv4Mapped' || kind === 'rfc6052' || kind === 'rfc6145') return kindOfV4(bytes.slice(12))
  if (kind === '6to4') return kindOfV4(bytes.slice(2, 6))
  // ::a.b.c.d, deprecated, but some systems still connect to the embedded IPv4 address.
  if (kind === 'unicast' && bytes.slice(0, 12).every((byte) => byte === 0)) return kindOfV4(bytes.slice(12))
  return kind
}

function kindOfV4(bytes: readonly number[]): string {
  return new ipaddr.IPv4([...bytes]).range()
}

type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void
) => void

/**
 * A `lookup` for sockets that returns only allowed addresses. A name with private and public addresses is
 * connected by the public ones; a name with only private ones is refused.
 */
export function guardedLookup(resolve: Resolve = systemLookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) {
        callback(error, [])
        return
      }
      const open = addresses.filter((one) => addressRefusal(one.address) === null)
      const [first] = open
      if (first === undefined) {
        const because = addresses.map((one) => addressRefusal(one.address)).join(', ')
        callback(
          new SheafError(
            'PRIVATE_ADDRESS',
            `${hostname} leads to a private network: ${because || 'no address'}.`,
            {
              facts: { host: hostname, addresses: addresses.map((one) => one.address) }
            }
          ),
          []
        )
      } else if (options.all) callback(null, open)
      else callback(null, first.address, first.family)
    })
  }
}
