/**
 * A web page as a tree. Invariant: the cost of a page is linear in its length, whatever a server sends. A
 * standard parser searches all open elements at most tags and compares all attributes of an element, so that
 * half a megabyte of nested elements or of attributes takes minutes; and traversing a deep tree overflows the
 * stack. Browsers nest no deeper than 512; of a deeper page, which no publisher has, only the head is parsed.
 * Attributes beyond the limit are ignored.
 */
import { load, type CheerioAPI } from 'cheerio'
import { Parser, Tokenizer } from 'parse5'
import { adapter, type Htmlparser2TreeAdapterMap } from 'parse5-htmlparser2-tree-adapter'

/** The same limit as in Blink (kMaximumHTMLParserDOMTreeDepth). */
const DEEPEST = 512
/** Elements of publishers' pages have at most a few dozen. */
const MOST_ATTRIBUTES = 256

class TooDeep extends Error {}

export function readTree(html: string): CheerioAPI {
  for (const part of [html, headOf(html)]) {
    try {
      return load(parse(part))
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error
    }
  }
  return load('')
}

function parse(html: string): Htmlparser2TreeAdapterMap['document'] {
  const parser = new Parser<Htmlparser2TreeAdapterMap>({
    treeAdapter: shallowAdapter(),
    scriptingEnabled: true
  })
  parser.tokenizer = new FrugalTokenizer(parser.options, parser)
  parser.tokenizer.write(html, true)
  return parser.document
}

/** The parser's own tokenizer compares each attribute with all previous ones. */
class FrugalTokenizer extends Tokenizer {
  protected override _leaveAttrName(): void {
    const token = this.currentToken
    if (token !== null && 'attrs' in token && token.attrs.length >= MOST_ATTRIBUTES) return
    super._leaveAttrName()
  }
}

function shallowAdapter(): typeof adapter {
  let open = 0
  return {
    ...adapter,
    onItemPush() {
      open += 1
      if (open > DEEPEST) throw new TooDeep()
    },
    onItemPop() {
      open -= 1
    },
    // A second `<html>` or `<body>` adds its attributes to the first.
    adoptAttributes(recipient, attributes) {
      if (Object.keys(recipient.attribs).length < MOST_ATTRIBUTES) {
        adapter.adoptAttributes(recipient, attributes)
      }
    }
  }
}

/** The part before the body, with the page's metadata. */
function headOf(html: string): string {
  const end = html.search(/<\/head\b|<body\b/i)
  return end < 0 ? '' : html.slice(0, end)
}
