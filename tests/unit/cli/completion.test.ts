/** The completion scripts, and what bash completes with its script. */
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { COMMANDS } from '../../../src/main/cli/command-table'
import { completionFor } from '../../../src/main/cli/completion'
import { COMMON_OPTIONS } from '../../../src/main/cli/options'

const from = { commands: COMMANDS, common: COMMON_OPTIONS }

function completed(...words: string[]): string[] {
  const line = ['sheaf', ...words].map((word) => `'${word}'`).join(' ')
  const script = `${completionFor('bash', from)}
COMP_WORDS=(${line}); COMP_CWORD=${String(words.length)}; _sheaf; printf '%s\\n' "\${COMPREPLY[@]}"`
  const ran = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8', cwd: '/' })
  expect(ran.stderr).toBe('')
  return ran.stdout.split('\n').filter((word) => word !== '')
}

test.skipIf(process.platform === 'win32')('bash completes commands, options, values and actions', () => {
  expect(completed('exp')).toEqual(['export'])
  expect(completed('export', '--form')).toEqual(['--format'])
  expect(completed('export', '--format', 'r')).toEqual(['ris'])
  expect(completed('telemetry', 'export', '--format', '')).toEqual(['jsonl', 'csv', 'prometheus'])
  expect(completed('quarantine', 'a')).toEqual(['accept'])
  expect(completed('jobs', '--state', 'FA')).toEqual(['FAILED'])
})

test('the scripts of the other shells contain every command and option', () => {
  const fish = completionFor('fish', from)
  for (const command of COMMANDS) expect(fish).toContain(`-a ${command.name} -d '`)
  expect(fish).toContain("-l format -x -a 'bibtex ris")
  expect(completionFor('zsh', from)).toMatch(/^#compdef sheaf\n/)
})
