/**
 * What pages that come instead of a paper say, in the languages of their readers: “not found”, “sign
 * in”, “enable cookies”, “I am not a robot”, “limit reached”. For a page's title, heading or its few
 * words; a longer page is not judged by these. Pure; English and what code such pages carry is known where
 * they are judged.
 */
export const NOT_FOUND_ABROAD =
  /nicht gefunden|existiert nicht|nicht (?:mehr )?(?:verfügbar|vorhanden)|introuvable|n['’]existe (?:pas|plus)|non trouvée?|no (?:se )?(?:ha )?(?:encontrad[oa]|encontró|existe)|página no encontrada|não (?:foi )?(?:encontrad[oa]|existe)|non (?:è stata )?trovat[oa]|non esiste|niet gevonden|bestaat niet|nie (?:znaleziono|istnieje)|nenalezen[ao]?|neexistuje|nem található|inte hittas|hittades inte|ikke funnet|ikke fundet|ei löy(?:dy|tynyt)|bulunamadı|mevcut değil|tidak (?:ditemukan|tersedia|ada)|không (?:tìm thấy|tồn tại)|не (?:найден[ао]?|существует|знайдено)|не найдено|δεν βρέθηκε|غير موجود|لم يتم العثور|یافت نشد|לא נמצא|不存在|找不到|未找到|没有找到|无法找到|見つかりません|存在しません|ページが見つか|찾을 수 없|존재하지 않/iu

export const LOGIN_ABROAD =
  /^(?:bitte )?(?:melden sie sich an|einloggen|anmelden|anmeldung)|^(?:se connecter|connexion|identifiez-vous|authentification)|^(?:iniciar sesi[oó]n|inicie sesi[oó]n|acceso de usuarios|entrar|fazer login|acessar|iniciar sess[aã]o|accedi|accesso)|^(?:inloggen|logga in|logg inn|log ind|kirjaudu|zaloguj|logowanie|přihl[aá]|bejelentkez|giriş yap|oturum aç|masuk|đăng nhập)|^(?:вход|войти|авторизация|увійти|σύνδεση|تسجيل الدخول|ورود|כניסה)|^(?:登录|登錄|登入|用户登录|请登录|ログイン|サインイン|로그인)/iu

export const LOGIN_SAID_ABROAD =
  /(?:um|bitte)[^.]{0,60}(?:anmelden|einloggen)|(?:veuillez|vous devez)[^.]{0,40}connecter|(?:debe|necesita)[^.]{0,40}(?:iniciar sesi[oó]n|identificarse)|(?:faça|precisa)[^.]{0,40}login|(?:musisz|zaloguj)[^.]{0,40}(?:zalogować|się)|(?:необходимо|нужно)[^.]{0,40}(?:войти|авториз)|ログインが必要|ログインしてください|请(?:先)?登录|需要登录|로그인이 필요/iu

export const COOKIES_ABROAD =
  /cookies?[^.]{0,80}(?:erforderlich|aktivieren|akzeptieren|deaktiviert|activer|activ[ée]s|requis|désactivés|habilit|activ[ae]|necesari|deshabilitad|necess[áa]ri|desativad|abilit|richiest|disabilitat|inschakelen|vereist|wymagane|włącz|povol|etkinleştir|aktifkan|diaktifkan)|(?:aktivieren|akzeptieren|activez|activer|acceptez|active|habilite|acepte|ative|aceite|abilita(?:re)?|włącz|accepteer|aktifkan)[^.]{0,60}cookies?|(?:включит|разрешит|примит)[^.]{0,60}(?:cookies?|куки)|(?:启用|开启|接受|允许)[^。]{0,20}cookies?|cookies?[^。]{0,30}(?:有効|必要)|쿠키[^.]{0,30}(?:허용|사용)/iu

export const ROBOT_ABROAD =
  /(?:kein|ein) roboter|pas un robot|no (?:soy|eres|es) un robot|não (?:sou|é) um robô|non (?:sono|sei) un robot|geen robot|nie jestem robotem|nejsem robot|robot değil|bukan robot|вы не робот|не робот|я не робот|подтвердите, что (?:запросы|вы)|мы заметили|подозрительн\S+ (?:трафик|запрос)|您是(?:真人|人类)|(?:人机|安全)验证|验证码|不是机器人|ロボットではありません|로봇이 아닙니다|(?:ungewöhnlicher?|verdächtiger?) (?:datenverkehr|aktivität)|trafic (?:inhabituel|suspect)|tr[áa]fico (?:inusual|sospechoso)|tráfego incomum|sicherheitsüberprüfung|vérification de sécurité|verificación de seguridad|verificação de segurança/iu

/** A limit of downloads or requests, not a bot check: waiting helps. */
export const LIMIT_REACHED =
  /(?:reached|exceeded)[^.]{0,60}(?:maximum|limit|quota|number)[^.]{0,60}(?:downloads?|requests?|day|hour)?|(?:download|request|daily|rate) (?:limit|quota)[^.]{0,30}(?:reached|exceeded)|too many (?:requests|downloads)|(?:maximale|höchst)[^.]{0,20}(?:anzahl|zahl)[^.]{0,40}(?:downloads|anfragen)|(?:nombre|limite)[^.]{0,30}(?:téléchargements|requêtes)[^.]{0,30}(?:atteint|dépassé)|(?:límite|número máximo)[^.]{0,30}(?:descargas|solicitudes)|limite[^.]{0,20}downloads?|превышен[^.]{0,40}(?:лимит|количеств)|下载(?:次数|数量)[^。]{0,20}(?:上限|超过|限制)|请求过于频繁/iu
