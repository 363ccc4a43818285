/** The welcome screen: its questions, its requests, and when it sends none. */
import { fireEvent, render, screen, waitFor } from '@testing-library/svelte'
import { expect, it } from 'vitest'
import type { AppView } from '../../../src/contract/views'
import type { SettingsView } from '../../../src/contract/settings-views'
import Welcome from '../../../src/renderer/views/Welcome.svelte'
import { fakeMain, Refusal } from '../fake-main'

const VIEW: AppView = {
  version: '1.0.0',
  platform: 'linux',
  firstStart: true,
  workspace: 'own',
  libraryFolder: '/home/you/Documents/Sheaf',
  mailto: '',
  switch: 'off',
  trouble: null,
  switchTrouble: null,
  libraryTrouble: null,
  offersRebuild: false,
  remembered: {}
}
const settings = (switchEntry: Partial<SettingsView['entries'][number]>): SettingsView => ({
  entries: [
    {
      key: 'safety.switch',
      value: 'off',
      default: 'off',
      origin: 'default',
      about: '',
      unit: null,
      overriddenBy: null,
      ...switchEntry
    }
  ],
  problems: [],
  dataFolder: '',
  libraryFolder: '',
  revision: 1
})

it('starts crash-safe by default, with the chosen folder', async () => {
  const main = fakeMain({
    'settings.list': () => settings({}),
    'app.chooseLibrary': () => ({ folder: '/elsewhere/Papers' }),
    'app.welcome': () => VIEW
  })
  render(Welcome, { view: VIEW })
  expect(screen.getByText('/home/you/Documents/Sheaf')).toBeTruthy()
  expect(screen.getByRole('radio', { name: 'On' })).toHaveProperty('checked', true)
  await fireEvent.click(screen.getByRole('button', { name: 'Choose…' }))
  await screen.findByText('/elsewhere/Papers')
  await fireEvent.input(screen.getByLabelText('Contact address'), {
    target: { value: ' you@example.org ' }
  })
  await fireEvent.submit(screen.getByRole('form'))
  await waitFor(() => {
    expect(main.inputsOf('app.welcome')).toEqual([{ mailto: 'you@example.org', switch: 'on' }])
  })
})

it('does not start while a folder is being chosen, so that papers go into the new one', async () => {
  let choose: (chosen: { folder: string }) => void = () => undefined
  const main = fakeMain({
    'settings.list': () => settings({}),
    'app.chooseLibrary': () => new Promise((resolve) => (choose = resolve)),
    'app.welcome': () => VIEW
  })
  render(Welcome, { view: VIEW })
  await fireEvent.click(screen.getByRole('button', { name: 'Choose…' }))
  expect(screen.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true)
  await fireEvent.submit(screen.getByRole('form'))
  expect(main.inputsOf('app.welcome')).toEqual([])
  choose({ folder: '/elsewhere/Papers' })
  await screen.findByText('/elsewhere/Papers')
  await fireEvent.submit(screen.getByRole('form'))
  await waitFor(() => {
    expect(main.inputsOf('app.welcome')).toHaveLength(1)
  })
})

it('does not start with a wrong address, and says what is allowed', async () => {
  const main = fakeMain({ 'settings.list': () => settings({}), 'app.welcome': () => VIEW })
  render(Welcome, { view: VIEW })
  const field = screen.getByLabelText('Contact address')
  await fireEvent.input(field, { target: { value: 'you at example' } })
  expect(screen.getByText('An e-mail address such as you@example.org, or nothing.')).toBeTruthy()
  expect(field.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByRole('button', { name: 'Start' })).toHaveProperty('disabled', true)
  await fireEvent.submit(screen.getByRole('form'))
  expect(main.inputsOf('app.welcome')).toEqual([])
})

it('shows that the environment has set the switch', async () => {
  const decided = { origin: 'environment', overriddenBy: 'DOCSTOKG_ENABLE_IDEMPOTENCY' } as const
  fakeMain({ 'settings.list': () => settings(decided) })
  render(Welcome, { view: VIEW })
  await screen.findByText('Decided by DOCSTOKG_ENABLE_IDEMPOTENCY in the environment.')
  expect(screen.getByRole('radio', { name: 'Off' })).toHaveProperty('checked', true)
  expect(screen.getByRole('radio', { name: 'On' })).toHaveProperty('disabled', true)
})

it('shows an error, and opens the sample library', async () => {
  const main = fakeMain({
    'settings.list': () => settings({}),
    'app.welcome': () => {
      throw new Refusal('The folder cannot be used.', 'Choose another folder.')
    },
    'app.sample': () => VIEW
  })
  render(Welcome, { view: VIEW })
  await fireEvent.submit(screen.getByRole('form'))
  await waitFor(() => {
    expect(screen.getByRole('alert').textContent).toContain('The folder cannot be used.')
  })
  await fireEvent.click(screen.getByRole('button', { name: 'Try it without a network' }))
  await waitFor(() => {
    expect(main.inputsOf('app.sample')).toEqual([{ enter: true }])
  })
})
