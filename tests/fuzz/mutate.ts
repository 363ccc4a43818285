/** Mutated inputs. Deterministic: the same seed gives the same inputs on every machine. */
export interface SeededRandom {
  /** a whole number below `most` */
  readonly below: (most: number) => number
  readonly pick: <T>(from: readonly T[]) => T
}

/** mulberry32 (public domain, T. Ettinger): fast, and random enough to choose positions. */
export function seededRandom(seed: number): SeededRandom {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (most: number): number => Math.floor(next() * most)
  return {
    below,
    pick(from) {
      const one = from[below(from.length)]
      if (one === undefined) throw new Error('nothing to pick from')
      return one
    }
  }
}

/** Tokens with a meaning for some reader, and paths that lead outside. */
const PIECES: readonly string[] = [
  ...Array.from(' \t\n\r<>"\'`(){}[]&;:,.=/\\?#%$@*+-~^|_0\u0000\u00a0\u0301\u200d\u202e\ufeff\u{1f600}'),
  ...[
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?xml version="1.0"?>',
    '<!DOCTYPE x [',
    '<!ENTITY a "&a;&a;">',
    '&a;'
  ],
  ...[
    '&amp;',
    '&#x41;',
    '&#99999999;',
    '<a href="/x.pdf">',
    '</a>',
    '<div ',
    ' a=1',
    '<meta name=x content=y>'
  ],
  ...['<script>', '</script>', '<table><tr><td>', '<p>', '<b>', '<svg>', '<math>', '<template>'],
  ...[
    '../',
    '../../../../etc/passwd',
    '/etc/passwd',
    '..\\',
    'C:\\',
    'CON',
    '\\\\host\\x',
    '%2e%2e%2f',
    '~/'
  ],
  ...['https://', 'http://[::1]/', 'doi:', '10.1234/', 'arXiv:', '2001.00001', 'PMID: 1', ';jsessionid='],
  ...[
    '@article{',
    '@string{a = a # a}',
    '@comment',
    '\\"',
    '{\\',
    '$\\',
    ' and ',
    'TY  - ',
    'ER  - ',
    '%0 ',
    'PMID- '
  ],
  ...[
    'null',
    'true',
    '-0',
    '1e999',
    '99999999999999999999',
    '-1',
    '0x',
    '{"',
    '":',
    '},{',
    '\\u0000',
    '"__proto__":'
  ],
  ...[
    'stream\n',
    'endstream',
    'endobj',
    '1 0 obj',
    '<< /Length 9 >>',
    '/Filter /FlateDecode',
    '/Kids [',
    ' 0 R',
    'xref\n'
  ],
  ...['Disallow: ', 'User-agent: *', 'Crawl-delay: ', '- ', '&x ', '*x ', '!!js/x ', '<<: ', '|\n  ']
]

const MOST_BYTES = 400_000

export function mutate(seed: Buffer, other: Buffer, { below, pick }: SeededRandom): Buffer {
  let bytes = seed
  for (let left = 1 + below(6); left > 0; left -= 1) bytes = once(bytes, other, { below, pick })
  return bytes.length > MOST_BYTES && bytes.length > seed.length ? bytes.subarray(0, MOST_BYTES) : bytes
}

function once(bytes: Buffer, other: Buffer, { below, pick }: SeededRandom): Buffer {
  const at = below(bytes.length + 1)
  const end = Math.min(bytes.length, at + 1 + below(pick([4, 40, 400, 4_000])))
  const put = (piece: Buffer): Buffer => Buffer.concat([bytes.subarray(0, at), piece, bytes.subarray(at)])
  switch (below(10)) {
    case 0: {
      const changed = Buffer.from(bytes)
      for (let n = 1 + below(8); n > 0 && changed.length > 0; n -= 1)
        changed[below(changed.length)] = below(256)
      return changed
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(end)])
    case 2:
      return put(Buffer.from(pick(PIECES)))
    case 3:
      return put(Buffer.from(pick(PIECES).repeat(pick([2, 9, 60, 300]))))
    case 4: {
      const piece = pick(PIECES)
      return put(
        Buffer.from(piece.repeat(Math.ceil(pick([300, 2_000, 2_000, 20_000, 150_000]) / piece.length)))
      )
    }
    case 5: {
      const piece = bytes.subarray(at, end)
      const most = Math.floor(MOST_BYTES / Math.max(1, piece.length))
      return put(
        Buffer.concat(Array.from({ length: Math.min(pick([1, 2, 2, 30, 300, 2_000]), most) }, () => piece))
      )
    }
    case 6:
      return bytes.subarray(0, at)
    case 7: {
      const from = below(other.length + 1)
      return put(other.subarray(from, from + below(pick([40, 4_000]))))
    }
    case 8: {
      // Two pieces in alternation: readers fail on it more often than on one repeated piece.
      const pair = Buffer.from(pick(PIECES) + pick(PIECES))
      return put(
        Buffer.concat(Array.from({ length: Math.ceil(pick([200, 2_000, 20_000]) / pair.length) }, () => pair))
      )
    }
    default: {
      const text = bytes.toString('latin1')
      return Buffer.from(text.replace(/\d+/, pick(['0', '-1', '4294967296', '1e400'])), 'latin1')
    }
  }
}
