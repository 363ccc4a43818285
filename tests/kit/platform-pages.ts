/**
 * Invented pages in the markup of the platforms that host papers, for the measure `landing`. Each has the
 * paper's file among other files of such pages (supplements, related articles, whole issues, data). `right`
 * is the address of the paper, null where the page has none for its reader.
 */
export interface PlatformPage {
  readonly name: string
  readonly url: string
  readonly html: string
  readonly right: string | null
  /** other addresses of the same file */
  readonly also?: readonly string[]
}

const TITLE = 'Winter flocks of barnacle geese on reclaimed polders'
const cite = (pdf: string | null, doi = '10.5555/geese.77'): string =>
  `<meta name="citation_title" content="${TITLE}"><meta name="citation_author" content="Halvorsen, Grete"><meta name="citation_doi" content="${doi}">` +
  (pdf === null ? '' : `<meta name="citation_pdf_url" content="${pdf}">`)
const page = (head: string, body: string): string =>
  `<!DOCTYPE html><html lang="en"><head><title>${TITLE}</title>${head}</head><body><h1>${TITLE}</h1>${body}</body></html>`
const RELATED =
  '<section class="related-articles"><h2>Related articles</h2><a href="/articles/other-9.pdf">Download PDF</a></section>'

export const PLATFORM_PAGES: readonly PlatformPage[] = [
  {
    name: 'DSpace 6: licence and supplement beside the article',
    url: 'https://repo.example.edu/handle/1234/77',
    html: page(
      '<meta name="DC.title" content="Winter flocks"><meta name="DC.creator" content="Halvorsen, Grete">',
      '<div class="file-list"><div class="file-wrapper"><a href="/bitstream/handle/1234/77/license.txt?sequence=3">license.txt</a></div><div class="file-wrapper"><a href="/bitstream/handle/1234/77/halvorsen-2019.pdf?sequence=1&amp;isAllowed=y"><i></i> View/<span>Open</span></a><span title="halvorsen-2019.pdf">halvorsen-2019.pdf</span></div><div class="file-wrapper"><a href="/bitstream/handle/1234/77/supplement.pdf?sequence=2&amp;isAllowed=y">supplement.pdf</a></div></div>'
    ),
    right: 'https://repo.example.edu/bitstream/handle/1234/77/halvorsen-2019.pdf?sequence=1&isAllowed=y'
  },
  {
    name: 'DSpace 7: bitstreams by UUID',
    url: 'https://repo.example.edu/items/0f0e0d0c-1111-4111-8111-000000000077',
    html: page(
      cite(null),
      '<ds-item-page-file-section><a href="/bitstreams/22222222-2222-4222-8222-222222222222/download">Halvorsen_geese.pdf (1.22 MB)</a><a href="/bitstreams/33333333-3333-4333-8333-333333333333/download">counts.csv (12 KB)</a></ds-item-page-file-section>'
    ),
    right: 'https://repo.example.edu/bitstreams/22222222-2222-4222-8222-222222222222/download'
  },
  {
    name: 'EPrints: accepted version and supplementary file',
    url: 'https://eprints.example.ac.uk/4711/',
    html: page(
      '<meta name="eprints.title" content="Winter flocks"><meta name="eprints.creators_name" content="Halvorsen, Grete">',
      '<table class="ep_block"><tr><td><span class="ep_document_citation">Text (Accepted version)</span><a href="https://eprints.example.ac.uk/4711/1/geese%20accepted.pdf" class="ep_document_link">Download (1MB)</a></td></tr><tr><td>Text (Supplementary material) <a href="https://eprints.example.ac.uk/4711/2/Supplementary.pdf" class="ep_document_link">Download (90kB)</a></td></tr></table>'
    ),
    right: 'https://eprints.example.ac.uk/4711/1/geese%20accepted.pdf'
  },
  {
    name: 'OJS 3: galley link without citation_pdf_url, whole issue in the margin',
    url: 'https://journal.example.org/index.php/geese/article/view/77',
    html: page(
      '<meta name="generator" content="Open Journal Systems 3.3.0.13"><meta name="citation_title" content="Winter flocks">',
      '<ul class="value galleys_links"><li><a class="obj_galley_link pdf" href="https://journal.example.org/index.php/geese/article/view/77/101">PDF</a></li><li><a class="obj_galley_link supplementary pdf" href="https://journal.example.org/index.php/geese/article/view/77/102">Appendix (PDF)</a></li></ul><aside><a class="obj_galley_link pdf" href="https://journal.example.org/index.php/geese/issue/view/9/55">Full issue (PDF)</a></aside>'
    ),
    right: 'https://journal.example.org/index.php/geese/article/download/77/101'
  },
  {
    name: 'OJS 2: citation_pdf_url',
    url: 'https://journal.example.org/article/view/77',
    html: page(
      cite('https://journal.example.org/article/download/77/101'),
      '<a href="https://journal.example.org/article/view/77/101" class="file">PDF</a>'
    ),
    right: 'https://journal.example.org/article/download/77/101'
  },
  {
    name: 'Digital Commons: bepress meta and additional files',
    url: 'https://digitalcommons.example.edu/geese/vol3/iss1/7',
    html: page(
      '<meta name="bepress_citation_title" content="Winter flocks"><meta name="bepress_citation_author" content="Halvorsen, Grete"><meta name="bepress_citation_pdf_url" content="https://digitalcommons.example.edu/cgi/viewcontent.cgi?article=1077&amp;context=geese">',
      '<a class="btn" id="pdf" href="https://digitalcommons.example.edu/cgi/viewcontent.cgi?article=1077&amp;context=geese">Download</a><div id="attach_additional_files"><a href="https://digitalcommons.example.edu/cgi/viewcontent.cgi?filename=0&amp;article=1077&amp;context=geese&amp;type=additional">Appendix.pdf (20 kB)</a></div>'
    ),
    right: 'https://digitalcommons.example.edu/cgi/viewcontent.cgi?article=1077&context=geese'
  },
  {
    name: 'HAL',
    url: 'https://hal.science/hal-01234567v2',
    html: page(
      cite('https://hal.science/hal-01234567v2/document'),
      '<a href="/hal-01234567v2/file/geese.pdf">Fichier principal</a>'
    ),
    right: 'https://hal.science/hal-01234567v2/document'
  },
  {
    name: 'InvenioRDM: paper, poster and data',
    url: 'https://zenodo.org/records/7700001',
    html: page(
      cite(null, '10.5281/zenodo.7700001'),
      '<table id="files"><tr><td><a href="/records/7700001/files/poster.pdf?download=1">poster.pdf</a></td></tr><tr><td><a href="/records/7700001/files/halvorsen-geese.pdf?download=1">halvorsen-geese.pdf</a></td></tr><tr><td><a href="/records/7700001/files/counts.zip?download=1">counts.zip</a></td></tr></table>'
    ),
    right: 'https://zenodo.org/records/7700001/files/halvorsen-geese.pdf?download=1'
  },
  {
    name: 'figshare: citation_pdf_url to its downloader',
    url: 'https://figshare.com/articles/journal_contribution/Winter_flocks/7700',
    html: page(
      cite('https://figshare.com/ndownloader/files/14000077'),
      '<a href="https://figshare.com/ndownloader/articles/7700/versions/1">Download all (3 MB)</a>'
    ),
    right: 'https://figshare.com/ndownloader/files/14000077'
  },
  {
    name: 'OSF preprints',
    url: 'https://osf.io/preprints/ecoevorxiv/ab3cd',
    html: page(cite(null, '10.31219/osf.io/ab3cd'), '<div id="preprint"></div>'),
    right: 'https://osf.io/download/ab3cd/'
  },
  {
    name: 'SSRN: download button, related papers below',
    url: 'https://papers.ssrn.com/sol3/papers.cfm?abstract_id=3400077',
    html: page(
      cite(null, '10.2139/ssrn.3400077'),
      '<div class="abstract-buttons"><a class="button-link primary" data-abstract-id="3400077" href="Delivery.cfm/SSRN_ID3400077_code1.pdf?abstractid=3400077&amp;mirid=1">Download This Paper</a><a href="Delivery.cfm/SSRN_ID3400077_code1.pdf?abstractid=3400077&amp;mirid=1&amp;type=2">Open PDF in Browser</a></div><div class="recommended-papers"><a href="Delivery.cfm/SSRN_ID9_code1.pdf?abstractid=9">Download</a></div>'
    ),
    right:
      'https://papers.ssrn.com/sol3/Delivery.cfm/SSRN_ID3400077_code1.pdf?abstractid=3400077&mirid=1&type=2',
    also: ['https://papers.ssrn.com/sol3/Delivery.cfm/SSRN_ID3400077_code1.pdf?abstractid=3400077&mirid=1']
  },
  {
    name: 'Research Square',
    url: 'https://www.researchsquare.com/article/rs-77123/v1',
    html: page(
      cite('https://www.researchsquare.com/article/rs-77123/v1.pdf', '10.21203/rs.3.rs-77123/v1'),
      '<a href="https://assets-eu.researchsquare.com/files/rs-77123/v1/supplement.pdf">Supplementary Files</a>'
    ),
    right: 'https://www.researchsquare.com/article/rs-77123/v1.pdf'
  },
  {
    name: 'bioRxiv: supplementary beside',
    url: 'https://www.biorxiv.org/content/10.1101/2020.03.04.977001v1',
    html: page(
      cite(
        'https://www.biorxiv.org/content/biorxiv/early/2020/03/05/2020.03.04.977001.full.pdf',
        '10.1101/2020.03.04.977001'
      ),
      '<a class="article-dl-pdf-link" href="/content/10.1101/2020.03.04.977001v1.full.pdf">Download PDF</a><a href="/content/biorxiv/early/2020/03/05/2020.03.04.977001/DC1/embed/media-1.pdf?download=true">Supplemental file</a>'
    ),
    right: 'https://www.biorxiv.org/content/biorxiv/early/2020/03/05/2020.03.04.977001.full.pdf'
  },
  {
    name: 'SciELO: English and Portuguese',
    url: 'https://www.scielo.br/j/gans/a/AbCdEfGh77/?lang=pt',
    html: page(
      cite('https://www.scielo.br/j/gans/a/AbCdEfGh77/?lang=pt&amp;format=pdf', '10.1590/1234'),
      '<a href="/j/gans/a/AbCdEfGh77/?format=pdf&amp;lang=pt">Baixar PDF (Português)</a><a href="/j/gans/a/ZZZZ/?format=pdf">Artigo relacionado</a>'
    ),
    right: 'https://www.scielo.br/j/gans/a/AbCdEfGh77/?lang=pt&format=pdf'
  },
  {
    name: 'J-STAGE',
    url: 'https://www.jstage.jst.go.jp/article/geese/12/3/12_77/_article',
    html: page(
      cite('https://www.jstage.jst.go.jp/article/geese/12/3/12_77/_pdf', '10.5555/jstage.12.77'),
      '<a href="https://www.jstage.jst.go.jp/article/geese/12/3/12_77/_pdf/-char/ja">PDFをダウンロード (923K)</a>'
    ),
    right: 'https://www.jstage.jst.go.jp/article/geese/12/3/12_77/_pdf'
  },
  {
    name: 'Cairn',
    url: 'https://www.cairn.info/revue-des-oies-2019-2-page-77.htm',
    html: page(
      cite(null),
      '<a class="btn" href="/load_pdf.php?ID_ARTICLE=OIES_192_0077&amp;download=1">Télécharger le PDF</a><a href="/revue-des-oies-2019-2.htm">Le numéro</a>'
    ),
    right: 'https://www.cairn.info/load_pdf.php?ID_ARTICLE=OIES_192_0077&download=1'
  },
  {
    name: 'OpenEdition: facsimile and the issue',
    url: 'https://journals.openedition.org/oies/7701',
    html: page(
      cite(null),
      '<div id="widgets"><a class="pdf" href="https://journals.openedition.org/oies/pdf/7701">PDF</a><a href="https://journals.openedition.org/oies/pdf/7600?file=1">Numéro complet (PDF)</a></div>'
    ),
    right: 'https://journals.openedition.org/oies/pdf/7701'
  },
  {
    name: 'Dataverse: data only',
    url: 'https://dataverse.example.org/dataset.xhtml?persistentId=doi:10.5555/DVN/77',
    html: page(
      '<meta name="DC.identifier" content="doi:10.5555/DVN/77"><meta name="DC.title" content="Replication data">',
      '<a href="/api/access/datafile/771">counts.tab</a><a href="/api/access/datafile/772">codebook.pdf</a>'
    ),
    right: null
  },
  {
    name: 'Pure: file named by its title',
    url: 'https://research.example.nl/en/publications/winter-flocks-of-barnacle-geese',
    html: page(
      '<meta name="citation_title" content="Winter flocks of barnacle geese on reclaimed polders"><meta name="citation_author" content="Halvorsen, G.">',
      '<div class="documents"><a class="link document-link" href="https://research.example.nl/files/7711/Winter_flocks_of_barnacle_geese.pdf"><span>Winter flocks of barnacle geese</span></a><span>Final published version, 1.3 MB</span></div><section class="relation-list"><a href="/files/99/other.pdf">Other</a></section>'
    ),
    right: 'https://research.example.nl/files/7711/Winter_flocks_of_barnacle_geese.pdf'
  },
  {
    name: 'Esploro: viewer address',
    url: 'https://researchportal.example.edu/esploro/outputs/journalArticle/Winter-flocks/991077',
    html: page(
      cite(null),
      '<a class="download" href="https://researchportal.example.edu/view/pdfCoverPage?instCode=01EX&amp;filePid=137700&amp;download=true">Download PDF</a>'
    ),
    right: 'https://researchportal.example.edu/view/pdfCoverPage?instCode=01EX&filePid=137700&download=true'
  },
  {
    name: 'Atypon: open, with supplement',
    url: 'https://www.tandfonline.com/doi/full/10.1080/12345678.2019.77',
    html: page(
      '<meta name="dc.Identifier" scheme="doi" content="10.1080/12345678.2019.77"><meta name="citation_title" content="Winter flocks">',
      '<div class="open-access">Open access</div><a class="show-pdf" href="/doi/pdf/10.1080/12345678.2019.77?needAccess=true" role="button">View PDF</a><a href="/doi/suppl/10.1080/12345678.2019.77/suppl_file/tgee_a_77_sm1.pdf">Supplemental</a>'
    ),
    right: 'https://www.tandfonline.com/doi/pdf/10.1080/12345678.2019.77',
    also: ['https://www.tandfonline.com/doi/pdf/10.1080/12345678.2019.77?download=true']
  },
  {
    name: 'Silverchair: watermark link',
    url: 'https://academic.oup.com/geese/article/12/3/77/5077001',
    html: page(
      cite('https://academic.oup.com/geese/article-pdf/12/3/77/28800001/bxz077.pdf', '10.1093/geese/bxz077'),
      '<a class="al-link pdf article-pdfLink" href="/geese/article-pdf/12/3/77/28800001/bxz077.pdf">PDF</a><a href="/geese/article-pdf/12/3/88/28800002/bxz088.pdf" class="related">PDF</a>'
    ),
    right: 'https://academic.oup.com/geese/article-pdf/12/3/77/28800001/bxz077.pdf'
  },
  {
    name: 'HighWire',
    url: 'https://geese.example.org/content/98/3/377',
    html: page(
      cite('https://geese.example.org/content/geese/98/3/377.full.pdf'),
      '<a href="/content/98/3/377.full.pdf+html">PDF+</a><a href="/content/98/3/388.full.pdf">Next article PDF</a>'
    ),
    right: 'https://geese.example.org/content/geese/98/3/377.full.pdf'
  },
  {
    name: 'Ingenta: electronic deliver',
    url: 'https://www.ingentaconnect.com/content/geese/gg/2019/00000012/00000003/art00077',
    html: page(
      cite(null),
      '<a class="fulltext pdf btn btn-general icbutton" data-popup="/search/download?pub=infobike%3a%2f%2fgeese%2fgg%2f2019%2f00000012%2f00000003%2fart00077&amp;mimetype=application%2fpdf" href="#">Download PDF</a>'
    ),
    right:
      'https://www.ingentaconnect.com/search/download?pub=infobike%3a%2f%2fgeese%2fgg%2f2019%2f00000012%2f00000003%2fart00077&mimetype=application%2fpdf'
  },
  {
    name: 'Wiley: pdfdirect beside the reader page',
    url: 'https://onlinelibrary.wiley.com/doi/10.1002/gee.1077',
    html: page(
      cite('https://onlinelibrary.wiley.com/doi/pdf/10.1002/gee.1077', '10.1002/gee.1077'),
      '<a href="/doi/epdf/10.1002/gee.1077" class="coolBar__ctrl pdf-download">PDF</a><a href="/action/downloadSupplement?doi=10.1002%2Fgee.1077&amp;file=gee1077-sup-0001.pdf">gee1077-sup-0001.pdf</a>'
    ),
    right: 'https://onlinelibrary.wiley.com/doi/pdf/10.1002/gee.1077'
  },
  {
    name: 'Springer',
    url: 'https://link.springer.com/article/10.1007/s00442-019-0077-1',
    html: page(
      cite(
        'https://link.springer.com/content/pdf/10.1007/s00442-019-0077-1.pdf',
        '10.1007/s00442-019-0077-1'
      ),
      '<a href="https://static-content.springer.com/esm/art%3A10.1007%2Fs00442-019-0077-1/MediaObjects/442_2019_77_MOESM1_ESM.pdf">Supplementary material 1 (PDF 77 kb)</a><a data-article-pdf="true" href="/content/pdf/10.1007/s00442-019-0077-1.pdf">Download PDF</a>'
    ),
    right: 'https://link.springer.com/content/pdf/10.1007/s00442-019-0077-1.pdf'
  },
  {
    name: 'MDPI',
    url: 'https://www.mdpi.com/2076-2615/9/3/77',
    html: page(
      cite('https://www.mdpi.com/2076-2615/9/3/77/pdf', '10.3390/ani9030077'),
      '<a href="/2076-2615/9/3/77/s1">Supplementary</a><a href="/2076-2615/9/3/77/pdf?version=1550000000">Download PDF</a>'
    ),
    right: 'https://www.mdpi.com/2076-2615/9/3/77/pdf'
  },
  {
    name: 'PLOS',
    url: 'https://journals.plos.org/plosone/article?id=10.1371/journal.pone.0077001',
    html: page(
      cite(
        'https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.0077001&amp;type=printable',
        '10.1371/journal.pone.0077001'
      ),
      '<a href="article/file?type=supplementary&amp;id=info:doi/10.1371/journal.pone.0077001.s001">S1 File (PDF)</a>'
    ),
    right: 'https://journals.plos.org/plosone/article/file?id=10.1371/journal.pone.0077001&type=printable'
  },
  {
    name: 'ACM: open',
    url: 'https://dl.acm.org/doi/10.1145/3300077.3300078',
    html: page(
      '<meta name="dc.Identifier" scheme="doi" content="10.1145/3300077.3300078">',
      '<a title="PDF" href="/doi/pdf/10.1145/3300077.3300078" class="btn red"><span>PDF</span></a><a href="/doi/proceedings/10.1145/3300077">Proceedings</a>'
    ),
    right: 'https://dl.acm.org/doi/pdf/10.1145/3300077.3300078',
    also: ['https://dl.acm.org/doi/pdf/10.1145/3300077.3300078?download=true']
  },
  {
    name: 'Cambridge',
    url: 'https://www.cambridge.org/core/journals/geese/article/winter-flocks/ABCDEF0123456789ABCDEF0123456777',
    html: page(
      cite(
        'https://www.cambridge.org/core/services/aop-cambridge-core/content/view/ABCDEF0123456789ABCDEF0123456777/S0077.pdf/div-class-title-winter-flocks-div.pdf',
        '10.1017/s0077'
      ),
      '<a href="/core/services/aop-cambridge-core/content/view/FFFF/S0088.pdf">Related article PDF</a>'
    ),
    right:
      'https://www.cambridge.org/core/services/aop-cambridge-core/content/view/ABCDEF0123456789ABCDEF0123456777/S0077.pdf/div-class-title-winter-flocks-div.pdf'
  },
  {
    name: 'a closed article with related open ones',
    url: 'https://journal.example.com/doi/abs/10.5555/geese.77',
    html: page(cite(null), `<p>Purchase this article</p>${RELATED}`),
    right: null
  },
  {
    name: 'relative address with .. below a base',
    url: 'https://journal.example.org/2019/geese/index.html',
    html: page(
      cite(null) + '<base href="//files.journal.example.org/2019/geese/">',
      '<a href="../pdf/geese-77.pdf">Download PDF</a>'
    ),
    right: 'https://files.journal.example.org/2019/pdf/geese-77.pdf'
  },
  {
    name: 'entities and capitals in the markup',
    url: 'https://journal.example.org/article?id=77',
    html: page(
      cite(null),
      '<A HREF="/get.php?id&#61;77&amp;type&#x3d;pdf" CLASS="BTN">Download&nbsp;PDF</A>'
    ),
    right: 'https://journal.example.org/get.php?id=77&type=pdf'
  },
  {
    name: 'a button that opens a window',
    url: 'https://journal.example.org/article/77',
    html: page(
      cite(null),
      `<button onclick="window.open('/files/77/geese.pdf','_blank')">Download PDF</button><a href="#" onclick="window.open('/files/77/appendix.pdf')">Appendix (PDF)</a>`
    ),
    right: 'https://journal.example.org/files/77/geese.pdf'
  },
  {
    name: 'a button that sets the location',
    url: 'https://journal.example.org/article/77',
    html: page(
      cite(null),
      `<button type="button" onclick="location.href='/download/77'">PDF herunterladen</button>`
    ),
    right: 'https://journal.example.org/download/77'
  },
  {
    name: 'a script link',
    url: 'https://journal.example.org/article/77',
    html: page(cite(null), `<a href="javascript:window.open('/article/77/pdf')">View PDF</a>`),
    right: 'https://journal.example.org/article/77/pdf'
  },
  {
    name: 'a title with words that name other files',
    url: 'https://research.example.nl/en/publications/ethics-guide',
    html: page(
      '<meta name="citation_title" content="A practical guide to the ethics of supplementary feeding: a protocol"><meta name="citation_author" content="Halvorsen, G.">',
      '<a class="document-link" href="https://research.example.nl/files/7712/A_practical_guide_to_the_ethics_of_supplementary_feeding.pdf">Download PDF</a><a href="/files/7713/Supplementary_tables.pdf">Supplementary tables (PDF)</a>'
    ),
    right:
      'https://research.example.nl/files/7712/A_practical_guide_to_the_ethics_of_supplementary_feeding.pdf'
  },
  ...[
    ['Russian', 'Скачать PDF', 'Приложение (PDF)'],
    ['Chinese', '下载PDF', '附录 (PDF)'],
    ['Japanese', 'PDFをダウンロード', '補足資料 (PDF)'],
    ['Korean', 'PDF 다운로드', '부록 (PDF)'],
    ['Turkish', 'PDF İndir', 'Ek dosya (PDF)'],
    ['Indonesian', 'Unduh PDF', 'Lampiran (PDF)'],
    ['Polish', 'Pobierz PDF', 'Załącznik (PDF)'],
    ['Arabic', 'تحميل PDF', 'ملحق (PDF)'],
    ['Ukrainian', 'Завантажити PDF', 'Додаток (PDF)'],
    ['Persian', 'دانلود PDF', 'پیوست (PDF)'],
    ['Italian', 'Scarica il PDF', 'Allegato (PDF)'],
    ['Portuguese', 'Baixar PDF', 'Anexo (PDF)'],
    ['German', 'PDF herunterladen', 'Anhang (PDF)'],
    ['Czech', 'Stáhnout PDF', 'Příloha (PDF)'],
    ['Swedish', 'Ladda ner PDF', 'Bilaga (PDF)'],
    ['Dutch', 'PDF downloaden', 'Bijlage (PDF)'],
    ['Vietnamese', 'Tải xuống PDF', 'Phụ lục (PDF)'],
    ['Hungarian', 'PDF letöltése', 'Melléklet (PDF)']
  ].map(([language, button, appendix]): PlatformPage => ({
    name: `buttons in ${language ?? ''}`,
    url: 'https://journal.example.org/article/77',
    html: page(
      cite(null),
      `<a href="/get/901?f=1">${appendix ?? ''}</a><a href="/get/902?f=1">${button ?? ''}</a>`
    ),
    right: 'https://journal.example.org/get/902?f=1'
  })),
  {
    name: 'citation_pdf_url of the neighbour',
    url: 'https://journal.example.org/article/10.5555/geese.77',
    html: page(
      cite('https://journal.example.org/article/10.5555/geese.78/pdf'),
      '<a class="btn pdf" href="/article/10.5555/geese.77/pdf">Download PDF</a>'
    ),
    right: 'https://journal.example.org/article/10.5555/geese.77/pdf'
  },
  {
    name: 'viewer with the file in its query',
    url: 'https://journal.example.org/article/77',
    html: page(
      cite(null),
      '<iframe src="/plugins/pdfJsViewer/pdf.js/web/viewer.html?file=https%3A%2F%2Fjournal.example.org%2Farticle%2Fdownload%2F77%2F101"></iframe>'
    ),
    right: 'https://journal.example.org/article/download/77/101'
  },
  {
    name: 'object with a type',
    url: 'https://journal.example.org/article/77',
    html: page(
      cite(null),
      '<object data="/blob/77" type="application/pdf"><p>Your browser shows no PDFs.</p></object>'
    ),
    right: 'https://journal.example.org/blob/77'
  }
]
