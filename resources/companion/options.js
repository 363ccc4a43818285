/** Port and token: kept, and tried at once. */
import { makeApi } from './lib/api.js'
import { isPort, isToken, readSettings, saveSettings } from './lib/settings.js'
import { CONNECTION } from './lib/words.js'

const find = (id) => document.getElementById(id)

function say({ tone, text }) {
  find('state').textContent = text
  find('state').dataset.tone = tone
}

async function tryNow(settings) {
  say(CONNECTION.checking)
  const status = await makeApi(settings).status()
  const remembers = status.kind !== 'ok' || status.answer.remembers === true
  say(remembers ? (CONNECTION[status.kind] ?? CONNECTION.not_connected) : CONNECTION.not_remembered)
}

find('form').addEventListener('submit', (event) => {
  event.preventDefault()
  const settings = { port: Number(find('port').value), token: find('token').value.trim().toLowerCase() }
  if (!isToken(settings.token)) {
    say({ tone: 'bad', text: 'This is no token of Sheaf: 64 letters and digits from its settings.' })
    find('token').focus()
    return
  }
  if (!isPort(settings.port)) {
    say({ tone: 'bad', text: 'The port is a number from 1024 to 65535.' })
    find('port').focus()
    return
  }
  void saveSettings(settings).then(() => tryNow(settings))
})

const kept = await readSettings()
find('port').value = String(kept.port)
find('token').value = kept.token
if (kept.token !== '') await tryNow(kept)
