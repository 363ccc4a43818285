/**
 * Detects documents that accompany a paper (a correction, a comment, a supplement, a form) by their own
 * label. Such documents quote the paper's title, authors and DOI. A table of the words that journals use, by
 * kind and language; pure and linear.
 */
import { trimEndOf } from '../../contract/scan'

export const BESIDE_KINDS = [
  'correction',
  'retraction',
  'concern',
  'comment',
  'reply',
  'review',
  'supplement',
  'peer review',
  'summary',
  'cover letter',
  'form',
  'curriculum vitae',
  'contents',
  'poster',
  'slides',
  'data',
  'thesis'
] as const
export type BesideKind = (typeof BESIDE_KINDS)[number]

export interface Called {
  readonly kind: BesideKind
  /** the document's label */
  readonly words: string
  /** the text after the label on its line, and the following lines */
  readonly rest: string
  /** the label is alone on its line, or followed by a colon only */
  readonly alone: boolean
}

/** Folded to lower case without accents; the code below anchors them at the beginning of a line. */
const WORDS: readonly (readonly [BesideKind, string])[] = [
  [
    'correction',
    'fe de errores|(?:nota|aviso) de correccion(?:es)?|avis de rectification|nota di correzione|korrigend(?:um|a)|richtigstellung(?:en)?|oikaisu(?:ja)?|helyesbites|ispravka|corectura|διορθωση|תיקון|اصلاحیه|dinh chinh|勘误表|訂正記事|訂正のお知らせ|corrections?(?: notice| note| article)?|corrigend(?:um|a)|errat(?:um|a)|addend(?:um|a)|erratas?|publisher correction|author correction|notice of correction|amendments?|rectificatifs?|rectificatives?|rectificacion(?:es)?|correc(?:cion|ciones|tif|tifs|tions?)|fe de erratas|correcao|correcoes|retificacao|berichtigung(?:en)?|korrektur(?:en)?|druckfehler(?:berichtigung)?|errata corrige|rettifica|correzion[ei]|correcties?|rectificaties?|rattelser?|rettelser?|korjauksi?a?|sprostowani[ea]|korekta|erraty|oprava|opravy|ispravak|duzeltme|koreksi|ralat|исправлени[ея]|поправк[аи]|опечатк[аи]|更正|勘误|勘誤|订正|訂正|正誤表|정정|오류 정정|تصحيح|تصويب|استدراك|perbaikan|duzeltmeler'
  ],
  [
    'retraction',
    'nota de retractacion|aviso de (?:retratacao|retractacion|retirada)|ruckzug|retraktion|avviso di ritrattazione|掲載取り?消し?(?:のお知らせ)?|게재 철회(?: 안내| 공지)?|отзыв публикации|tilbaketrekk?ing|visszavonas|retractions?(?: note| notice)?|(?:notice of )?retraction(?: and replacement)?|withdrawals?(?: notice)?|withdrawal note|notice of withdrawal|statement of retraction|removal notice|retractations?(?: notice)?|avis de retrait|retracciones|retracc?ion|retractacion|retratacao|retracao|zuruckziehung|ritrattazione|retractie|wycofanie|retraktsiia|ретракция|отзыв статьи|撤回|撤稿(?:声明)?|論文撤回|철회|سحب(?: مقال)?|geri cekme|penarikan(?: artikel)?'
  ],
  [
    'concern',
    'manifestacion de preocupacion|nota de preocupacion|expresion de inquietud|expression d.inquietude|mise en garde (?:de la redaction|editoriale)|(?:redaktionelle|editorische) bedenken|ausdruck (?:der|von) bedenken|espressione di preoccupazione|wyraz(?:enie)? zaniepokojenia|выражение (?:обеспокоенности|озабоченности)|关注声明|编辑关注|懸念(?:の)?表明|우려 표명|(?:editorial )?(?:expressions?|notice) of (?:editorial )?concern|editorial concern|expresion de preocupacion|expressao de preocupacao|expression of concern'
  ],
  [
    'comment',
    'matters arising|lettres? (?:a|au) (?:l.editeur|redacteur|la redaction)|cartas? a(?:l|o) (?:editor(?:es)?|director)|carta a la redaccion|leserbriefe?|lettera (?:all.editore|al direttore)|list do redakcji|письмо (?:в редакцию|редактору)|给编辑的信|致编辑|編集者への手紙|독자 편지|editore mektup|surat kepada editor|stellungnahmen?|brief aan de redactie|comments?(?: and reply)?|commentar(?:y|ies)|invited (?:commentary|discussion)|discussions?(?: (?:and|&) (?:reply|closure))?|letter to the editor|correspondence|remarks?|viewpoint|commentaires?|comentarios?|kommentare?|anmerkung(?:en)?|diskussionsbeitrag|commento|commenti|comentario|komentarz|комментари[ий]|评论|評論|コメント|논평|تعليق|تعقيب|yorum|komentar|комментарии'
  ],
  [
    'peer review',
    'rapport d.evaluation|审稿(?:意见|报告)|同行评议(?:文件|报告)|査読(?:報告|コメント)|심사 의견|отзыв рецензента|informe de evaluacion|pareceres|peer[- ]review(?:er)?s? (?:file|report|history|information|documents?|comments)|(?:transparent )?peer review (?:record|file)|review(?:er)?s? (?:file|report|history|comments)s?|review history|(?:editorial )?decision letter|referee(?:s.?)?(?: |. )(?:report|comments)s?|(?:point[- ]by[- ]point )?response to (?:the )?(?:reviewers?|referees?|editors?)|reporting (?:summary|checklist)|author.?s? response to reviewers|rapport de relecture|gutachten|informe de revision|parecer'
  ],
  [
    'reply',
    'antwort der autor(?:en|innen)|schlusswort|replik|replique|contestacion|droit de reponse|repl(?:y|ies)|(?:the )?authors?.{0,2} (?:reply|response|closure)|author.?s? repl(?:y|ies)|responses?|rejoinder|rebuttal|closure|reponses?(?: des auteurs)?|respuestas?|replica|respostas?|antwort(?:en)?|erwiderung|risposta|antwoord|odpowiedz|ответ(?: авторов)?|答复|回复|回答|返答|답변|رد|جواب|yanit|cevap|tanggapan|balasan|jawaban'
  ],
  [
    'review',
    'reviews?|book reviews?|recension[ei]?|rezension(?:en)?|compte rendu|resena|resenha|recenzja|рецензия|书评|書評|서평|مراجعة كتاب|kitap incelemesi|resensi'
  ],
  [
    'supplement',
    'materiales suplementarios|erganzendes material|online-?anhang|(?:dodatkowe|uzupełniające) materiały|materiały (?:dodatkowe|uzupełniające)|电子补充材料|支撑材料|支持信息|辅助材料|technical appendi(?:x|ces)|e-?(?:methods|tables|figures|results)|data(?= s\\d)|materiel complementaire|complements? (?:electroniques?|en ligne)|дополнительная информация|補足情報|電子付録|kiegeszito anyag|supplement(?:s|al|ary|aire|aria|ar)?(?: (?:online )?(?:information|informations|materials?|data|appendix|appendices|content|contents|file|files|figures?|tables?|methods?|notes?|text|results|discussion|experimental procedures|document|video|movie|legends?|references))+(?: ?s?\\d{0,2})?|supplementary|supplement|supplementary online content|online (?:supplement(?:ary)?(?: (?:material|appendix|content|data|information))?|appendix|resource|only|content)(?: ?\\d{0,2})?|web (?:appendix|extra|supplement)|supporting (?:information|online material|materials?|text|data|document)(?: ?s?\\d{0,2})?|electronic supplementary (?:material|information)|esm|e-?(?:appendix|supplement|component)|additional (?:files?|information|materials?)(?: ?s?\\d{0,2})?|(?:on-?line )?appendi(?:x|ces)|annex(?:e|es)?|data supplement|multimedia component|extended data|materiel supplementaire|(?:donnees|informations?|annexes?) supplementaires?|material (?:suplementario|complementario|suplementar|complementar|adicional)|informac(?:ion|ao) (?:suplementaria|adicional|suplementar|de apoyo|de apoio)|anexos?|zusatzmaterial|erganzende (?:materialien|informationen)|begleitmaterial|anhang|materiale (?:supplementare|aggiuntivo)|aanvullend materiaal|bijlagen?|materialy dodatkowe|приложени[ея]|дополнительные материалы|补充材料|附录|補足資料|補充資料|付録|보충 자료|부록|ملحق|ملاحق|مواد تكميلية|ek(?:ler)?|ek materyal|lampiran|zalaczniki?'
  ],
  [
    'summary',
    'resum(?:o|en) visual|abstract grafico|graphische zusammenfassung|图文摘要|图形摘要|グラフィカルアブストラクト|highlights|graphical abstract|visual abstract|video abstract|plain[- ]language summary|lay summary|key ?points|press release|communique de presse|pressemitteilung|nota de prensa|comunicado de imprensa|comunicato stampa|resume graphique|resumen grafico|resumo grafico'
  ],
  [
    'cover letter',
    'dear (?:dr|prof|sir|madam|editors?|editor-in-chief|professor|editorial)[^\\n]{0,60}|cover(?:ing)? letter|sehr geehrte[^\\n]{0,60}|madame, monsieur|estimad[oa]s? (?:editor|senor|dr)[^\\n]{0,60}|prezad[oa]s? (?:editor|senhor)[^\\n]{0,60}|gentile (?:editore|direttore)[^\\n]{0,60}'
  ],
  [
    'form',
    '(?:non-exclusive )?(?:deposit|distribution|repository|thesis|e-?thesis)(?: (?:and|deposit))? (?:licen[cs]e|agreement|form|declaration)(?: form| agreement)?|thesis deposit(?: form| agreement)?|(?:copyright|license|licence|author(?:ship)?|consent|publishing|open access)(?: (?:transfer|assignment|to publish|and|publication|license|licence|copyright))* (?:form|agreement|declaration|statement|release)|disclosure (?:form|statement)s?|icmje form for disclosure|icmje (?:disclosure )?form|(?:版权|著作权)(?:转让)?(?:协议|书)|著作権譲渡(?:書|同意書)|저작권 (?:양도|이양) 동의서|conflicts? of interest (?:form|disclosure|statement)|declaration of (?:authorship|originality|interests?|competing interests)|statement of originality|formulaire de (?:depot|cession)|contrat de (?:diffusion|cession)|autorisation de diffusion|eidesstattliche erklarung|einverstandniserklarung|urheberrechtsvereinbarung|(?:termo|declaracao) de (?:autorizacao|cessao|originalidade)|(?:carta|declaracion|licencia|autorizacion|formulario) de (?:cesion|originalidad|autorizacion|deposito|publicacion)|liberatoria|order form|reprint (?:order|request)|permission(?:s)? (?:form|request)|(?:consort|prisma|strobe|arrive)(?: \\d{4})? checklist|checklist'
  ],
  [
    'curriculum vitae',
    'curriculum vitae|curriculum|(?:full |complete |selected )?(?:list of )?publications(?: list)?|list of (?:papers|works|writings)|publikationsliste|schriftenverzeichnis|lebenslauf|liste des publications|lista de publicac(?:iones|oes)|elenco delle pubblicazioni|biographical sketch|biosketch'
  ],
  [
    'contents',
    'сборник (?:материалов|тезисов|трудов)(?: конференции)?|материалы конференции|tagungsband|actes du colloque|libro de (?:resumenes|actas)|livro de resumos|atti del convegno|论文集|予稿集|(?:front |back |inside )cover(?: picture)?|cover picture|titelbild|umschlagbild|couverture|portada|封面|表紙|표지|table of contents|contents|in this issue|(?:full|complete|whole|entire) issue|front ?matter|back ?matter|editorial board|issue information|masthead|inhaltsverzeichnis|inhalt|table des matieres|sommaire|indice|tabla de contenidos|contenido|sumario|sommario|inhoud(?:sopgave)?|spis tresci|содержание|оглавление|目录|目次|차례|목차|book of abstracts|abstract book|(?:conference )?program(?:me)?|proceedings'
  ],
  [
    'poster',
    'poster(?: (?:presentation|session|abstract))?s?|posterbeitrag|affiche|cartel cientifico|постер|плакат|ポスター(?:発表)?|海报|포스터'
  ],
  [
    'slides',
    'slides?|presentation slides|lecture slides|folien|(?:prasentations|vortrags)folien|diapositives|diapositivas|презентация|слаиды|слайды|幻灯片|スライド|발표 자료|prezentacja'
  ],
  [
    'data',
    'data ?(?:sheet|set|base)|read ?me|code ?book|data dictionary|questionnaire|fragebogen|cuestionario|questionario'
  ]
]

/** Before the label: articles, possessives, numbering. */
const FRONT = String.raw`(?:(?:the|a|an|un|une|el|la|o|ein|eine|short|brief|invited|author.{0,2}|authors?.{0,2}|publisher.{0,2}|editor.{0,2}|editorial|second|further|s?\d{1,2}[.)]?)\s+){0,3}`
/** After the label: the subject. */
const OF =
  'auf|na|do|dla|terhadap|atas|untuk|kepada|على|إلى|حول|ke|to|on|of|for|in|upon|concerning|regarding|about|zu|zur|zum|von|uber|a|al|alla|del|della|dello|di|du|de|des|sur|do|da|dos|das|ao|sobre|su|sul|sulla|op|van|bij|к|на'
const ENDS = String.raw`(?=[\s"'“„«:]|$)`
const ABOUT = String.raw`\s+(?:${OF})${ENDS}(?:\s+(?:${OF}|the|article|paper|artigo|articulo|artikel|artykulu|manuscript|статье|статью|статьи|комментарий|комментарию|commentaire|comentario|kommentar|komentarz|مقال|بحث)${ENDS}){0,4}`
const PATTERNS = WORDS.map(([kind, words]) => [kind, foldedWords(words)] as const).map(
  ([kind, words]) =>
    [
      kind,
      new RegExp(
        `^${FRONT}(${words})(?![\\p{L}\\p{N}])(?:(${ABOUT})|\\s*(?:[#№]?\\s*[a-z]?\\d{1,3}(?:\\.\\d)?)?\\s*(?:$|[:：;.,\\-–—|()"“„«'‘/\\[*†]))`,
        'u'
      )
    ] as const
)

/** Languages that put the label after the title: `“…”一文的更正`, `「…」へのコメント`, `… başlıklı makaleye yorum`. */
const BEHIND: readonly (readonly [BesideKind, RegExp])[] = [
  ['correction', /(?:更正|勘误|勘誤|订正|訂正|補正|정정|오류 정정|duzeltme(?:si)?)$/u],
  ['retraction', /(?:撤稿|撤回|철회|geri cekilmesi)$/u],
  ['comment', /(?:评论|評論|商榷|コメント|討論|논평|토론|(?:makaleye|hakkinda|uzerine) yorum)$/u],
  ['reply', /(?:答复|回复|回應|返答|回答|답변|회신|(?:makaleye|yoruma|hakkinda) (?:yanit|cevap))$/u],
  ['supplement', /(?:附录|补充材料|補足資料|付録|부록|보충 자료)$/u]
]
const NOTICE = /(?:声明|通知|通告|启事|说明|公告|について|のお知らせ|안내|공지)$/u

function calledBehind(text: string, following: string): Called | null {
  const bare = trimEndOf(foldKeepingLength(text), /[\s.。"”」』)]/u)
  const named = bare.replace(NOTICE, '').trimEnd()
  for (const [kind, pattern] of BEHIND) {
    const found = pattern.exec(named)
    if (found === null || found.index < 4) continue
    const rest = `${text.slice(0, found.index)}\n${following}`.trim()
    return { kind, words: text.slice(found.index, bare.length), rest, alone: false }
  }
  return null
}

const LONGEST_LINE = 300

/**
 * The kind that the line declares for its document, or null. The rest is the text after it, with the
 * following lines.
 */
export function calledBy(line: string, following = ''): Called | null {
  const text = line.slice(0, LONGEST_LINE).replace(/^[\s"“”„«»'‘’*•§†#:.,()[\]–—-]+/, '')
  const bare = foldKeepingLength(text)
  for (const [kind, pattern] of PATTERNS) {
    const found = pattern.exec(bare)
    if (found?.[1] === undefined) continue
    // `Proceedings of the Royal Society` and `Contents of the stomachs of …` are not tables of contents.
    if (kind === 'contents' && found[2] !== undefined) continue
    const rest = `${text.slice(found[0].length)}\n${following}`.trim()
    return {
      kind,
      words: trimEndOf(text.slice(0, found[0].length), /[\s:：.,–—-]/u),
      rest,
      alone: found[2] === undefined
    }
  }
  return calledBehind(text, following)
}

/** The words of the table, folded like the lines: `ポ` and `й` lose their marks there, too. */
function foldedWords(words: string): string {
  return words
    .normalize('NFD')
    .replace(/\p{M}+/gu, '')
    .normalize('NFC')
}

/** Lower case without accents, letter by letter, so that positions stay comparable. */
function foldKeepingLength(text: string): string {
  // The fast path for ASCII: folding lines letter by letter took a quarter of the time of judging a file.
  if (/^[ -~]*$/.test(text)) return text.toLowerCase()
  return Array.from(text, (letter) => {
    if (letter <= '~') return letter.toLowerCase()
    const plain = letter
      .normalize('NFD')
      .replace(/\p{M}+/gu, '')
      .toLowerCase()
    return plain.length === letter.length ? plain : letter
  }).join('')
}

/** Phrases on the title page of a thesis, by language. */
const THESIS =
  /^[ \t]{0,40}((?:an? |this )?(?:doctoral |ph\.?d\.? |master.?s |diploma |bachelor.?s )?(?:thesis|dissertation)(?:,? (?:submitted|presented|in partial|for the)\b[^\n]{0,60})|inaugural-?dissertation|dissertation zur[^\n]{0,60}|th[eè]se (?:de doctorat|pr[ée]sent[ée]e|pour)[^\n]{0,40}|tesis (?:doctoral|de (?:grado|maestr[ií]a|licenciatura|m[aá]ster))|tese de doutor\p{L}{2,6}|disserta[cç][aã]o (?:de mestrado|apresentada)|tesi di (?:laurea|dottorato)|(?:academisch )?proefschrift|rozprawa doktorska|диссертаци[яи] на соискание|автореферат|(?:博士|硕士|碩士)(?:学位|學位)?(?:论文|論文)|학위 ?논문|(?:doktora|yüksek lisans) tezi)/imu
const THESIS_PAGES = 40

/** The phrase by which a document of many pages declares itself a thesis, or null. */
export function thesisIn(firstPages: readonly string[], pageCount: number): string | null {
  if (pageCount < THESIS_PAGES) return null
  for (const page of firstPages.slice(0, 2)) {
    const found = THESIS.exec(page.slice(0, 3_000))?.[1]
    if (found !== undefined) return found.trim()
  }
  return null
}

/** The kind of a work according to a service (Crossref, OpenAlex, PubMed), where it is one of these. */
export function kindOfType(type: string | undefined): BesideKind | null {
  const bare = type?.toLowerCase() ?? ''
  if (/errat|corrig|correction/.test(bare)) return 'correction'
  if (/retract/.test(bare)) return 'retraction'
  if (/supplement/.test(bare)) return 'supplement'
  if (/peer-?review/.test(bare)) return 'peer review'
  if (/^(?:comment|letter|editorial)/.test(bare)) return 'comment'
  return null
}
