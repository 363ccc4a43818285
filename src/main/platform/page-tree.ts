/**
 * A web page as a tree, for whoever reads one: what must stay true is that no page, whatever a server
 * sends, costs more than its length. A parser that follows the standard looks through all open
 * elements at most tags, so that half a megabyte of nested ones takes it minutes; and walking such a
 * tree overflows the stack. Browsers nest no deeper than 512; a page that wants to is no page of a
 * publisher, and of it the head alone is read.
 */
import { load, type CheerioAPI } from 'cheerio'
import { adapter } from 'parse5-htmlparser2-tree-adapter'

/** As Blink does (kMaximumHTMLParserDOMTreeDepth). */
const DEEPEST = 512

class TooDeep extends Error {}

export function readTree(html: string): CheerioAPI {
  for (const part of [html, headOf(html)]) {
    try {
      return load(part, { treeAdapter: shallowAdapter() })
    } catch (error) {
      if (!(error instanceof TooDeep)) throw error
    }
  }
  return load('')
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
    }
  }
}

/** What stands before the body, where a page says what it is about. */
function headOf(html: string): string {
  const end = html.search(/<\/head\b|<body\b/i)
  return end < 0 ? '' : html.slice(0, end)
}
