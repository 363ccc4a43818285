/**
 * PDFs of a sentence that servers give in place of a paper: an embargo, a refusal, “no PDF”. Only a file
 * of one or two pages with few letters is read so; a paper that mentions such words has more to say.
 */
import type { ErrorCode } from '../../contract/errors'

const MOST_LETTERS = 700

const NOTICES: readonly (readonly [ErrorCode, RegExp])[] = [
  [
    'FORBIDDEN',
    /embargo|access (?:is )?(?:denied|restricted|forbidden)|(?:do not|don['’]t) have (?:permission|access|the right)|not (?:authori[sz]ed|permitted|entitled) to (?:view|read|access)|restricted (?:access|to)|zugriff verweigert|accès (?:refusé|restreint)|sous embargo|acceso (?:denegado|restringido)|acesso (?:negado|restrito)|accesso negato|доступ (?:запрещ[её]н|ограничен)|無権限|拒绝访问|无权访问/iu
  ],
  [
    'SOFT_404',
    /no pdf|pdf (?:version )?(?:is|was)? ?not (?:yet )?(?:available|made|ready)|(?:full[- ]?text|article|document|paper|file|item|content)[^.]{0,60}(?:is|was|are)? ?(?:not|un|no longer) ?(?:currently |yet )?(?:available|made)|not available (?:in|for|as)|intentionally (?:left )?blank|placeholder|file (?:is )?(?:missing|not found)|removed at the request|read it on (?:its|the) web|only available (?:online|on the web|in print)|available (?:only )?(?:upon|on) request|contact the author|kein pdf|nicht verfügbar|n['’]est pas disponible|pas de pdf|no (?:está )?disponible|não (?:está )?disponível|non (?:è )?disponibile|niet beschikbaar|niedostępny|недоступен|不可用|暂无|利用できません/iu
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

/** The pages that the head prints for the paper, when there are more than came; null otherwise. */
export function pagesPrinted(text: string, pageCount: number): number | null {
  if (pageCount !== 1) return null
  for (const found of text.slice(0, HEAD_LETTERS).matchAll(RANGE)) {
    const count = Number(found[2]) - Number(found[1]) + 1
    if (count >= 3 && count <= 80) return count
  }
  return null
}
