/** The steps of a paper: the state of each step, and the current one. */
import { render, screen } from '@testing-library/svelte'
import { describe, expect, it } from 'vitest'
import type { StepView } from '../../../src/contract/job-views'
import Stepper from '../../../src/renderer/views/queue/Stepper.svelte'

const step = (state: StepView['state'], status: StepView['status']): StepView => ({
  state,
  status,
  at: null
})

describe('the stepper', () => {
  it('shows the current step, of how many, and its progress', () => {
    render(Stepper, {
      steps: [
        step('PLANNED', 'done'),
        step('RESUME_OK', 'skipped'),
        step('STREAMING', 'now'),
        step('DEDUPED', 'ahead')
      ],
      share: 0.64,
      beside: '2.9 of 4.5 MB'
    })
    expect(screen.getByText('Downloading, step 3 of 4')).toBeDefined()
    expect(screen.getByText('2.9 of 4.5 MB · 64 %')).toBeDefined()
    const steps = screen.getAllByRole('listitem')
    expect(steps.map((one) => one.textContent.trim())).toEqual([
      'Added: done',
      'Resuming: not needed',
      'Downloading: now',
      'Done: ahead'
    ])
    expect(steps.map((one) => one.getAttribute('aria-current'))).toEqual([null, null, 'step', null])
  })

  it('shows a failure at the step that was entered, or before the next one', () => {
    const { unmount } = render(Stepper, {
      steps: [step('PLANNED', 'done'), { ...step('STREAMING', 'failed'), at: 7 }, step('DEDUPED', 'ahead')],
      share: null,
      beside: ''
    })
    expect(screen.getByText('Stopped at “Downloading”, step 2 of 3')).toBeDefined()
    unmount()
    render(Stepper, {
      steps: [step('PLANNED', 'done'), step('HEAD_DONE', 'failed')],
      share: null,
      beside: ''
    })
    expect(screen.getByText('Stopped before “Found”, step 2 of 2')).toBeDefined()
  })

  it('ends at the last step for a finished paper', () => {
    render(Stepper, { steps: [step('PLANNED', 'done'), step('DEDUPED', 'done')], share: null, beside: '' })
    expect(screen.getByText('Done, step 2 of 2')).toBeDefined()
  })
})
