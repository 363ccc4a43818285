/** The browser companion and the app: connect, send a page, send its PDF with the reader's own session. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright'
import { expect, test } from '../kit/app'
import { openCompanionBrowser } from '../kit/companion-browser'
import { makePdf } from '../kit/make-pdf'
import { expectNoViolation, expectNoViolationInEitherTheme } from './axe'
import { expectFigure, goTo } from './screens'

const PAPER = Buffer.from(
  makePdf({
    title: 'Lost letters of the lighthouse',
    authors: ['Ada Lost'],
    year: 2020,
    doi: '10.5555/lost1'
  })
)
const OTHER = Buffer.from(
  makePdf({
    title: 'Winter feeding of long-tailed tits',
    authors: ['Nora Hedge'],
    year: 2011,
    doi: '10.5555/tits'
  })
)

/** A publisher that serves a PDF only with the reader's cookie. */
async function startPublisher(): Promise<{ readonly origin: string; readonly close: () => void }> {
  const article = (doi: string, pdf: string): string => `<!doctype html><html lang="en"><head>
    <title>Publisher</title><meta name="citation_title" content="Lost letters of the lighthouse">
    <meta name="citation_doi" content="doi:${doi}"><meta name="citation_pdf_url" content="${pdf}"></head>
    <body><h1>Lost letters</h1><ol><li><a href="https://doi.org/10.5555/cited1">A cited paper</a></li>
    <li><a href="https://dx.doi.org/10.5555%2Fcited2">10.5555/cited2</a></li>
    <li><a href="https://doi.org/10.5555/CITED1">[PDF]</a></li><li><a href="/about">About</a></li></ol></body></html>`
  const server = createServer((asked, answer) => {
    const page = (text: string): void => {
      answer
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'set-cookie': 'reader=1; Path=/' })
        .end(text)
    }
    if (asked.url === '/article') page(article('10.5555/lost1', '/paper.pdf'))
    else if (asked.url === '/second') page(article('10.5555/lost2', '/other.pdf'))
    else if (asked.url?.endsWith('.pdf') === true && asked.headers.cookie?.includes('reader=1') === true)
      answer
        .writeHead(200, { 'content-type': 'application/pdf' })
        .end(asked.url === '/paper.pdf' ? PAPER : OTHER)
    else answer.writeHead(403, { 'content-type': 'text/html' }).end('<h1>Sign in</h1>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { origin: `http://127.0.0.1:${String(port)}`, close: () => server.close() }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

test('the companion connects, sends a page and its PDF, and reports the results', async ({ openWorld }) => {
  const port = await freePort()
  const lost = (key: string, title: string) => ({
    key,
    title,
    authors: ['Lost, Ada'],
    year: 2020,
    copies: []
  })
  const world = await openWorld(
    [lost('lost1', 'Lost letters of the lighthouse'), lost('lost2', 'Harbour logs of a small town')],
    { settings: { 'companion.port': port } }
  )
  const running = await world.start()
  const { page } = running
  await goTo(page, 'Settings')
  await page.getByRole('tab', { name: 'Browser' }).click()
  await expect(page.getByText('Off: nothing can be sent to Sheaf.')).toBeVisible()
  await page.getByRole('switch', { name: 'Let the browser companion send papers' }).click()
  await expect(page.getByText(`Ready on port ${String(port)} of this computer.`)).toBeVisible()
  const token = page.getByLabel('Token', { exact: true })
  await expect(token).toHaveAttribute('type', 'password')
  await page.getByRole('button', { name: 'Show', exact: true }).click()
  const secret = await token.inputValue()
  await page.getByRole('button', { name: 'Copy', exact: true }).click()
  await expectNoViolationInEitherTheme(page, 'settings, browser')

  const publisher = await startPublisher()
  const browser = await openCompanionBrowser()
  try {
    const article = await browser.context.newPage()
    await article.goto(`${publisher.origin}/article`)
    const unset = await browser.popup(article)
    await expect(unset.locator('#connection')).toContainText('Not connected yet')
    await expect(unset.getByRole('button', { name: 'Send this page' })).toBeDisabled()
    await unset.close()
    await connect(await browser.options(), { port: await browser.portFor(port), token: secret })

    const popup = await browser.popup(article)
    await expect(popup.locator('#connection')).toHaveText('Connected to Sheaf.')
    await expect(popup.locator('#title')).toHaveText('Lost letters of the lighthouse')
    await expectNoViolationInEitherTheme(popup, 'the popup')
    await popup.getByRole('button', { name: 'Send this page' }).click()
    await expect(popup.locator('#outcome')).toHaveText('Sent. Sheaf looks for a copy.')
    await expectFigure(page, 'need attention', 1)
    const links = popup.getByRole('listitem')
    await expect(popup.getByRole('heading', { name: '2 papers are linked here' })).toBeVisible()
    await expect(links).toHaveText(['A cited paper (10.5555/cited1)', '10.5555/cited2'])
    await links.first().getByRole('checkbox').check()
    await popup.getByRole('button', { name: 'Send the chosen ones' }).click()
    await expect(popup.locator('#outcome')).toHaveText('Sent. Sheaf looks for a copy.')
    await expectFigure(page, 'need attention', 2)
    await popup.close()

    const again = await browser.popup(article)
    await expect(again.locator('#standing')).toHaveText('Sheaf found no copy. Open the PDF here and send it.')
    await again.getByRole('button', { name: 'Send the PDF of this page' }).click()
    await expect(again.locator('#outcome')).toHaveText('The PDF is in your library.')
    await expectFigure(page, 'done', 1)
    await again.getByRole('button', { name: 'Send the PDF of this page' }).click()
    await expect(again.locator('#outcome')).toHaveText('This very PDF is in your library already.')

    await article.goto(`${publisher.origin}/second`)
    const second = await browser.popup(article)
    await second.getByRole('button', { name: 'Send the PDF of this page' }).click()
    await expect(second.locator('#outcome')).toContainText('looks like another paper')
    await article.context().clearCookies()
    await second.getByRole('button', { name: 'Send the PDF of this page' }).click()
    await expect(second.locator('#outcome')).toContainText('The site refused the PDF (403)')

    await running.close()
    const gone = await browser.popup(article)
    await expect(gone.locator('#connection')).toContainText('Sheaf does not answer')
    expect((await world.objects()).size).toBe(1)
  } finally {
    await browser.close()
    publisher.close()
  }
})

async function connect(options: Page, to: { readonly port: number; readonly token: string }): Promise<void> {
  const state = options.getByRole('status')
  await options.getByLabel('Port').fill(String(to.port))
  await options.getByLabel('Token').fill('no token')
  await options.getByRole('button', { name: 'Save and try' }).click()
  await expect(state).toContainText('This is no token of Sheaf')
  await options.getByLabel('Token').fill('0'.repeat(64))
  await options.getByRole('button', { name: 'Save and try' }).click()
  await expect(state).toContainText('does not accept the token')
  await options.getByLabel('Token').fill(to.token)
  await options.getByRole('button', { name: 'Save and try' }).click()
  await expect(state).toHaveText('Connected to Sheaf.')
  await expectNoViolation(options, 'the options')
  await options.close()
}
