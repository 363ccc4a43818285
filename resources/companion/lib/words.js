/** Every sentence of the companion, by what happened. `tone`: good, wait or bad. */
export const CONNECTION = {
  checking: { tone: 'wait', text: 'Looking for Sheaf…' },
  no_token: {
    tone: 'bad',
    text: 'Not connected yet. Copy the token from Sheaf’s settings (Browser) into the options.'
  },
  wrong_token: {
    tone: 'bad',
    text: 'Sheaf does not accept the token. Copy it again from Sheaf’s settings (Browser).'
  },
  not_connected: {
    tone: 'bad',
    text: 'Sheaf does not answer. Start it, turn on the browser companion in its settings, and compare the port.'
  },
  not_remembered: {
    tone: 'bad',
    text: 'Crash-safe downloads are off in Sheaf. Turn them on in its settings.'
  },
  ok: { tone: 'good', text: 'Connected to Sheaf.' }
}

const STANDINGS = {
  planned: { tone: 'good', text: 'Sent. Sheaf looks for a copy.' },
  waiting: { tone: 'good', text: 'Already in Sheaf’s queue.' },
  needs_you: { tone: 'wait', text: 'Sheaf found no copy. Open the PDF here and send it.' },
  here: { tone: 'good', text: 'Already in your library.' },
  removed: { tone: 'bad', text: 'You removed this paper from your library. Undo that in Sheaf first.' },
  not_understood: { tone: 'bad', text: 'No DOI or other identifier was found on this page.' }
}

const FILES = {
  attached: { tone: 'good', text: 'The PDF is in your library.' },
  here: { tone: 'good', text: 'This very PDF is in your library already.' },
  asked: {
    tone: 'wait',
    text: 'Sheaf is not sure that it is this paper. Answer in Sheaf, Papers that need you.'
  }
}

const REFUSED = {
  WRONG_PAPER: 'The PDF looks like another paper. Look at it in Sheaf’s quarantine.',
  PAPER_UNKNOWN: 'Sheaf cannot tell which paper this PDF is. Send the paper’s own page first, then the PDF.',
  TRANSITION_REFUSED: 'The paper has another file already.',
  REMOVED: 'You removed this paper from your library. Undo that in Sheaf first.',
  NOT_REMEMBERED: CONNECTION.not_remembered.text,
  TOO_LARGE: 'The PDF is larger than Sheaf takes.',
  BODY_TOO_LARGE: 'That is more than Sheaf takes at once.'
}

const TROUBLES = {
  too_large: 'The PDF is larger than Sheaf takes.',
  failed: 'The site did not give the PDF. Save it, and attach it in Sheaf.'
}

export const standingWords = ({ standing }) => STANDINGS[standing] ?? STANDINGS.waiting

/** What came of a request that writes. */
export function outcomeWords(result) {
  if (result.kind === 'refused')
    return { tone: 'bad', text: REFUSED[result.code] ?? `Sheaf did not take it. ${result.message}` }
  if (result.kind !== 'ok') return CONNECTION[result.kind]
  const { answer } = result
  if (answer.outcome !== undefined) return FILES[answer.outcome] ?? FILES.attached
  const [line, other] = answer.papers
  return other === undefined ? standingWords(line) : manyWords(answer.papers)
}

function manyWords(lines) {
  const count = (...standings) => lines.filter(({ standing }) => standings.includes(standing)).length
  const parts = [
    [count('planned'), 'sent'],
    [count('waiting', 'needs_you'), 'already in the queue'],
    [count('here'), 'already in your library'],
    [count('removed', 'not_understood'), 'not taken']
  ].filter(([number]) => number > 0)
  return { tone: 'good', text: `${parts.map(([number, what]) => `${number} ${what}`).join(', ')}.` }
}

export function troubleWords({ trouble, status }) {
  if (trouble === 'status')
    return { tone: 'bad', text: `The site refused the PDF (${status}). Open it here first, then send it.` }
  return { tone: 'bad', text: TROUBLES[trouble] ?? TROUBLES.failed }
}
