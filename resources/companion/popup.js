/** The window behind the button of the toolbar: says whether Sheaf is there, what this page is, and what came of it. */
import { browserApi } from './lib/browser.js'
import { makeApi } from './lib/api.js'
import { readSettings } from './lib/settings.js'
import { pdfOf, readTab, tabOf } from './lib/tab.js'
import { CONNECTION, outcomeWords, standingWords, troubleWords } from './lib/words.js'

const find = (id) => document.getElementById(id)
const asked = new URLSearchParams(location.search)

let api = null
let tab = null
let page = null
/** the job of this page's paper, once it is known */
let job = null

function say(id, words) {
  const place = find(id)
  place.textContent = words?.text ?? ''
  place.dataset.tone = words?.tone ?? ''
  place.hidden = words === null && id !== 'outcome'
}

function setReady(isReady) {
  for (const id of ['send-page', 'send-pdf', 'send-links']) find(id).disabled = !isReady
  if (isReady) followChoice()
}

async function begin() {
  find('options').addEventListener('click', () => void browserApi.runtime.openOptionsPage())
  find('send-page').addEventListener('click', () => void working(sendPage))
  find('send-pdf').addEventListener('click', () => void working(sendPdf))
  find('send-links').addEventListener('click', () => void working(sendLinks))
  api = makeApi(await readSettings())
  const [status] = await Promise.all([api.status(), readHere()])
  const isThere = status.kind === 'ok'
  const remembers = !isThere || status.answer.remembers === true
  say(
    'connection',
    remembers ? (CONNECTION[status.kind] ?? CONNECTION.not_connected) : CONNECTION.not_remembered
  )
  if (!isThere || !remembers || page === null) return
  await showStanding()
  setReady(true)
}

async function readHere() {
  const link = asked.get('link')
  tab = await tabOf(asked.get('tab'))
  page =
    link === null
      ? tab === null
        ? null
        : await readTab(tab)
      : { url: link, isPdf: false, identifiers: [], doi: null, title: link, pdfUrl: null, links: [] }
  if (page === null) {
    say('title', { text: 'The browser does not let extensions read this page.' })
    return
  }
  say('title', page.title === '' ? { text: page.url } : { text: page.title })
  find('send-page').textContent = link === null ? 'Send this page' : 'Send this link'
  find('send-page').hidden = page.isPdf
  find('send-pdf').hidden = page.pdfUrl === null
  find('send-pdf').textContent = page.isPdf ? 'Send this PDF' : 'Send the PDF of this page'
  find(page.isPdf ? 'send-pdf' : 'send-page').classList.add('primary')
  showLinks(page.links)
}

async function showStanding() {
  const known = await api.known({ doi: page.doi, url: page.url })
  const line = known.kind === 'ok' ? known.answer.paper : null
  if (line === null || line.standing === 'not_understood') return
  job = line.job_id
  say('standing', standingWords(line))
}

function showLinks(links) {
  find('links').hidden = links.length === 0
  find('links-title').textContent =
    links.length === 1 ? '1 paper is linked here' : `${links.length} papers are linked here`
  for (const { doi, text } of links) {
    const label = document.createElement('label')
    const box = document.createElement('input')
    box.type = 'checkbox'
    box.value = doi
    box.addEventListener('change', followChoice)
    const words = document.createElement('span')
    words.textContent = text === '' || text.includes(doi) ? doi : `${text} (${doi})`
    label.append(box, words)
    const item = document.createElement('li')
    item.append(label)
    find('link-list').append(item)
  }
}

const chosen = () => [...document.querySelectorAll('#link-list input:checked')].map((box) => box.value)

function followChoice() {
  find('send-links').disabled = chosen().length === 0
}

/** One thing at a time; what came of it is said, also to a screen reader. */
async function working(work) {
  setReady(false)
  say('outcome', { tone: 'wait', text: 'Sending…' })
  try {
    say('outcome', await work())
  } catch {
    say('outcome', CONNECTION.not_connected)
  } finally {
    setReady(true)
  }
}

async function sendPage() {
  const result = await api.sendPapers([paperOf(page)])
  const line = result.kind === 'ok' ? result.answer.papers[0] : null
  if (line?.job_id) job = line.job_id
  return outcomeWords(result)
}

const paperOf = ({ identifiers, url, title }) => ({ identifiers, url, ...(title === '' ? {} : { title }) })

async function sendPdf() {
  // A page names its paper: the PDF is compared with that one.
  if (!page.isPdf && job === null) {
    const result = await api.sendPapers([paperOf(page)])
    if (result.kind !== 'ok') return outcomeWords(result)
    job = result.answer.papers[0].job_id
  }
  const fetched = await pdfOf(tab, page.pdfUrl)
  if (fetched.trouble !== undefined) return troubleWords(fetched)
  const result = await api.sendPdf({ job, url: page.pdfUrl, blob: fetched.blob })
  if (result.kind === 'ok') say('standing', null)
  return outcomeWords(result)
}

async function sendLinks() {
  return outcomeWords(await api.sendPapers(chosen().map((doi) => ({ identifiers: [doi] }))))
}

void begin()
