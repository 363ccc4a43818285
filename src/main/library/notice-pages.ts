/**
 * One-sentence PDFs that servers send instead of a paper: an embargo, a refusal, “no PDF”. Only files of one
 * or two pages with little text are checked; a paper that contains such words is longer.
 */
import type { ErrorCode } from '../../contract/errors'

const MOST_LETTERS = 700

const NOTICES: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'FORBIDDEN',
    /embargo|toegang geweigerd|åtkomst nekad|adgang (?:nektet|nægtet)|pääsy (?:evätty|estetty)|přístup odepřen|hozzáférés megtagadva|purchase (?:access|this)|(?:for |to )subscribers? only|réservé(?:e|s)? aux abonnés|(?:nur|ausschließlich) für abonnenten|s[oó]lo (?:para )?suscriptores|(?:仅供|只供)(?:订阅|注册)|購読者(?:のみ|限定)|구독자|will (?:only )?be (?:made )?available (?:from|on|after|in)|sera disponible (?:à partir|le|après)|estar[áa] disponi(?:ble|bile|vel) (?:el|a partir|em|en|dal)|sarà disponibile|wird (?:ab|am|erst) [^\n]{0,40}(?:verfügbar|zugänglich|freigeschaltet|veröffentlicht)|будет доступ|(?:将于|后)[^。]{0,20}(?:开放|公开)|公開予定|공개 예정|access (?:is )?(?:denied|restricted|forbidden)|(?:do not|don['’]t) have (?:permission|access|the right)|not (?:authori[sz]ed|permitted|entitled) to (?:view|read|access)|restricted (?:access|to)|zugriff verweigert|accès (?:refusé|restreint)|sous embargo|acceso (?:denegado|restringido)|acesso (?:negado|restrito)|accesso negato|доступ (?:запрещ[её]н|ограничен)|無権限|拒绝访问|无权访问|没有权限|无访问权限|限制访问|禁运期|访问受限|アクセス(?:が|は)?(?:拒否|制限|できません)|閲覧権限|エンバーゴ|접근(?:이)? (?:거부|제한|금지)|권한이 없|엠바고|odmowa dost[ęe]pu|dost[ęe]p (?:jest )?(?:zabroniony|ograniczony)|brak (?:uprawnie[ńn]|dost[ęe]pu)|eri[şs]im (?:engellendi|reddedildi|k[ıi]s[ıi]tl[ıi]|yasak)|yetkiniz yok|ambargo|akses (?:ditolak|dibatasi|terbatas)|tidak memiliki (?:izin|akses)|(?:تم رفض|رفض|لا يمكن|محظور) ?(?:الوصول|الدخول)|ليس لديك (?:صلاحية|إذن)|حظر النشر|эмбарго|нет (?:прав|доступа)|недостаточно прав|sperrfrist|gesperrt bis|zugang (?:verweigert|gesperrt|beschränkt)|keine (?:berechtigung|zugriffsrechte)|embargado|bajo embargo|sob embargo|sotto embargo|periodo di embargo|vous n['’](?:avez|êtes) pas (?:les droits|autoris|acc[eè]s)|no (?:tiene|est[áa]) (?:permiso|autorizad)|n[ãa]o (?:tem|possui) (?:permiss|acesso)|non (?:hai|si dispone|ha) (?:i permessi|accesso|l['’]autorizzazione)/iu
  ],
  [
    'SOFT_404',
    /no pdf|pdf (?:is|was) being (?:generated|prepared|created)|cannot be (?:shown|displayed)|for copyright reasons|aus (?:urheber)?rechtlichen gründen|pour des raisons de droits|por (?:razones|motivos) de derechos|not yet (?:been )?published|boş bırak[ıi]l|avsiktligt (?:tom|blank)|(?:med vilje|bevisst) (?:blank|tom)|tarkoituksella tyhj|není (?:k dispozici|dostupn)|nie je (?:k dispozícii|dostupn)|nem elérhető|δεν είναι διαθέσιμ|لا (?:تتوفر|يتوفر)|در دسترس نیست|לא זמין|không (?:có sẵn|khả dụng)|inte tillgänglig|ikke tilgjengelig|ikke tilgængelig|ei (?:ole )?saatavilla|pdf (?:version )?(?:is|was)? ?not (?:yet )?(?:available|made|ready)|(?:full[- ]?text|article|document|paper|file|item|content)[^.]{0,60}(?:is|was|are)? ?(?:not|un|no longer) ?(?:currently |yet )?(?:available|made)|not available (?:in|for|as)|intentionally (?:left )?blank|placeholder|file (?:is )?(?:missing|not found)|removed at the request|read it on (?:its|the) web|only available (?:online|on the web|in print)|available (?:only )?(?:upon|on) request|contact the author|kein pdf|nicht verfügbar|n['’]est pas disponible|pas de pdf|no (?:está )?disponible|não (?:está )?disponível|non (?:è )?disponibile|niet beschikbaar|niedostępny|недоступ(?:ен|на|но)|отсутству(?:ет|ют)|нет полного текста|не найден|不可用|暂无|没有(?:全文|PDF)|未(?:找到|提供)|无全文|利用できません|ありません|公開されていません|見つかりません|提供されていません|(?:원문|파일|PDF|전문)[^.]{0,20}(?:없습니다|제공되지|이용할 수 없)|찾을 수 없|brak (?:pe[łl]nego tekstu|pliku|pdf)|nie jest dost[ęe]pn|niedost[ęe]pn|mevcut de[ğg]il|bulunamad[ıi]|bulunmamaktad[ıi]r|tidak (?:tersedia|ditemukan)|belum tersedia|غير (?:متاح|متوفر|موجود)|لا يوجد|لم يتم العثور|nicht (?:vorhanden|gefunden|verf[üu]gbar)|liegt nicht vor|n['’]existe pas|introuvable|aucun pdf|no (?:se encuentra|existe|se ha encontrado)|sin pdf|n[ãa]o (?:existe|encontrad|foi encontrad)|sem pdf|indispon[íi]vel|non (?:trovato|esiste|[èe] presente)|nessun pdf|(?:diese|cette|esta|questa) (?:seite|page|p[áa]gina|pagina)[^.]{0,40}(?:leer|blanche|blanco|branco|bianca)|absichtlich (?:leer|frei)|intencionalmente|intentionnellement|intenzionalmente|此页(?:有意)?(?:空白|留白)|このページは(?:意図的に)?(?:空白|白紙)|страница (?:намеренно )?(?:оставлена )?пуст|strona celowo|bu sayfa (?:bilerek|kas[ıi]tl[ıi])|halaman ini sengaja/iu
  ]
]

export function noticeIn(
  text: string,
  pageCount: number
): { readonly reason: ErrorCode; readonly words: string } | null {
  if (pageCount > 2) return null
  const letters = text.match(/\p{L}/gu)?.length ?? 0
  if (letters === 0 || letters > MOST_LETTERS) return null
  for (const [reason, pattern] of NOTICES) {
    if (pattern.test(text)) return { reason, words: text.replace(/\s+/g, ' ').trim().slice(0, 120) }
  }
  return null
}

const RANGE = /(?:\(\d{4}\)|pp?\.|pages?|:|,)\s{0,3}(\d{1,5})\s?[-–]\s?(\d{1,5})\b/giu
const HEAD_LETTERS = 600

/** The page range that the head prints for the paper, when it is longer than the file; null otherwise. */
export function pagesPrinted(text: string, pageCount: number): number | null {
  if (pageCount !== 1) return null
  for (const found of text.slice(0, HEAD_LETTERS).matchAll(RANGE)) {
    const count = Number(found[2]) - Number(found[1]) + 1
    if (count >= 3 && count <= 80) return count
  }
  return null
}
