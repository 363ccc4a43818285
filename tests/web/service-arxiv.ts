/** arXiv's Atom API by id list. Source: https://info.arxiv.org/help/api, and recorded responses. */
import { escapeXml, xml, type Responder } from './service-answers'
import type { PlacedWork } from './works'

export function arxivApi(url: URL, works: readonly PlacedWork[]): Responder {
  const ids = (url.searchParams.get('id_list') ?? '').split(',').filter((id) => id !== '')
  const entries = ids.flatMap((id) => {
    const bare = id.trim().replace(/v\d+$/, '')
    const work = works.find((each) => each.arxiv === bare)
    return work === undefined ? [] : [entry(work, /v\d+$/.exec(id)?.[0] ?? 'v1')]
  })
  return xml(
    `<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns="http://www.w3.org/2005/Atom">
  <id>https://arxiv.org/api/fixture</id>
  <title>arXiv Query: ${escapeXml(url.search.slice(1))}</title>
  <updated>2024-01-02T03:04:05Z</updated>
  <opensearch:itemsPerPage>${ids.length}</opensearch:itemsPerPage>
  <opensearch:totalResults>${entries.length}</opensearch:totalResults>
  <opensearch:startIndex>0</opensearch:startIndex>
${entries.join('\n')}
</feed>
`,
    200,
    'application/atom+xml'
  )
}

function entry(work: PlacedWork, version: string): string {
  const id = `${work.arxiv ?? ''}${version}`
  const people = work.authors.map((author) => {
    return `    <author><name>${escapeXml(author.split(', ').reverse().join(' '))}</name></author>`
  })
  return `  <entry>
    <id>http://arxiv.org/abs/${id}</id>
    <title>${escapeXml(work.title)}</title>
    <updated>${work.year}-01-02T00:00:00Z</updated>
    <published>${work.year}-01-01T00:00:00Z</published>
    <link href="https://arxiv.org/abs/${id}" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/${id}" rel="related" type="application/pdf" title="pdf"/>
    <summary>A synthetic work.</summary>
    <category term="math.CO" scheme="http://arxiv.org/schemas/atom"/>
    <arxiv:primary_category term="math.CO"/>
${work.doi === null ? '' : `    <arxiv:doi>${escapeXml(work.doi)}</arxiv:doi>\n`}${people.join('\n')}
  </entry>`
}
