/** The first start: three fields, one button, and the answers are stored. */
import { join } from 'node:path'
import { expect, test } from '../kit/app'
import { jobs, paste, rail } from './screens'

test('the first start asks three questions once, then opens the app', async ({ openWorld }) => {
  const world = await openWorld([{ key: 'moss', copies: [{ via: 'unpaywall' }] }], {
    welcomed: false,
    settings: { 'general.mailto': '', 'files.library': '' }
  })
  const first = await world.start()
  const { app, page } = first
  await expect(page.getByRole('heading', { name: 'Welcome to Sheaf' })).toBeVisible()
  await expect(rail(page)).toBeHidden()

  // On is recommended and preselected; an invalid address shows a message and cannot be sent.
  await expect(page.getByRole('radio', { name: 'On' })).toBeChecked()
  const address = page.getByRole('textbox', { name: 'Contact address' })
  await address.fill('nobody@')
  await address.blur()
  await expect(page.getByText('An e-mail address such as you@example.org, or nothing.')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Start' })).toBeDisabled()
  await address.fill('ada@example.org')

  const chosen = join(world.libraryDir, 'of Ada')
  await app.evaluate(({ dialog }, folder) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [folder] })
  }, chosen)
  await page.getByRole('button', { name: 'Choose…' }).click()
  await expect(page.getByRole('group', { name: 'Library folder' })).toContainText(chosen)
  await page.getByRole('button', { name: 'Start' }).click()

  await expect(rail(page)).toBeVisible()
  expect(world.settingsFile()).toMatchObject({
    'general.mailto': 'ada@example.org',
    'safety.switch': 'on',
    'files.library': chosen
  })
  await first.close()

  const { page: again } = await world.start()
  await expect(rail(again)).toBeVisible()
  await expect(again.getByRole('heading', { name: 'Welcome to Sheaf' })).toBeHidden()
})

test('the sample library completes without a network, and can be left again', async ({ openWorld }) => {
  test.slow()
  const world = await openWorld([], { welcomed: false })
  const { page } = await world.start()
  await page.getByRole('button', { name: 'Try it without a network' }).click()
  await expect(page.getByText('This is the sample library.')).toBeVisible()
  await expect(jobs(page).getByRole('row').nth(1)).toBeVisible()
  // The run ends by itself: everything is filed except the work without an open copy.
  await expect(page.getByRole('banner', { name: 'Run' }).getByRole('status')).toContainText('Idle', {
    timeout: 60_000
  })
  await expect(page.getByRole('button', { name: /^Needs attention [1-9]/ })).toBeVisible()
  await expect(page.getByRole('button', { name: /^Done 1\d/ })).toBeVisible()
  expect(world.web.requests, 'no request left the computer').toEqual([])

  await page.getByRole('button', { name: 'Leave the sample' }).click()
  await expect(page.getByRole('heading', { name: 'Welcome to Sheaf' })).toBeVisible()
  await page.getByRole('button', { name: 'Start' }).click()
  await expect(page.getByText('No papers yet')).toBeVisible()
  await paste(page, '10.5555/moss')
})
