/** The options of all commands, and those of single ones. */
import { CITATION_LOCALES, CITATION_STYLES } from '../../contract/citation-styles'
import { STATES } from '../../contract/words'
import { REPORT_FORMATS } from '../insights/report/write-report'
import { TELEMETRY_FORMATS } from '../insights/telemetry/write-telemetry'
import { LOG_LEVELS } from '../platform/log'
import { LINK_STYLES } from '../works/works'
import { EXPORT_FORMATS } from './invocation'
import { choice, flag, option, textOption, type Draft, type OptionSpec } from './option-spec'
import { listOf, wholeNumber } from './option-values'
import { UNIT_SECONDS, WEEK_SECONDS } from '../../contract/durations'

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  textOption('--out <dir>', 'a folder', 'the library (default Documents/Sheaf)', (text, d) => {
    d.out = text
  }),
  textOption('--data-dir <dir>', 'a folder', 'ledger, settings and logs', (text, d) => {
    d.dataDir = text
  }),
  flag(
    '--new-library',
    'give up the former library: the folder becomes a new one, or the one that is there',
    (d) => d.flags.add('new-library')
  ),
  flag('--json', 'JSON Lines on standard output', (d) => d.flags.add('json')),
  flag('--quiet', 'no progress and no summary', (d) => d.flags.add('quiet')),
  choice('--log-level <level>', LOG_LEVELS, 'what is logged on standard error', (value, d) => {
    d.logLevel = value
  })
]

const SINCE_SECONDS: Readonly<Record<string, number>> = { ...UNIT_SECONDS, w: WEEK_SECONDS }

const rowCount = (flags: string, about: string, take: (rows: number, draft: Draft) => void): OptionSpec =>
  option(flags, 'a whole number from 0 to 1000000', about, (text, draft) => {
    const rows = wholeNumber(text, 0, 1_000_000)
    if (rows !== null) take(rows, draft)
    return rows !== null
  })

/** Options of single commands. */
export const OWN_OPTIONS = {
  state: option(
    '--state <state>',
    `one or more of ${STATES.join(', ')}`,
    'only jobs in this state (repeatable)',
    (text, d) => {
      const read = listOf(text.toUpperCase(), STATES)
      return read === null ? null : d.states.push(...read)
    }
  ),
  reason: option(
    '--reason <reason>',
    'a reason such as NO_OPEN_COPY',
    'only jobs with this reason (repeatable)',
    (text, d) => (/^[A-Z][A-Z0-9_]*$/i.test(text) ? d.reasons.push(text.toUpperCase()) : null)
  ),
  text: textOption(
    '--text <text>',
    'some words',
    'only jobs whose title, author, address or id has this',
    (text, d) => {
      d.text = text
    }
  ),
  limit: rowCount('--limit <n>', 'at most so many', (rows, d) => {
    d.limit = rows
  }),
  offset: rowCount('--offset <n>', 'leave out so many', (rows, d) => {
    d.offset = rows
  }),
  job: textOption('--job <id>', 'a job’s id', 'only this job (repeatable)', (text, d) => {
    d.jobIds.push(text)
  }),
  events: flag('--events', 'with --json: attempts, leases and state changes too', (d) =>
    d.flags.add('events')
  ),
  citeStyle: option(
    '--style <name>',
    `one of ${CITATION_STYLES.join(', ')}, or a .csl file`,
    'the citation style',
    (text, d) =>
      CITATION_STYLES.some((style) => style === text) || /\.csl$/i.test(text) ? (d.citeStyle = text) : null
  ),
  citeFormat: choice(
    '--format <form>',
    ['text', 'html'] as const,
    'in which form (default text)',
    (value, d) => {
      d.citeFormat = value
    }
  ),
  locale: option(
    '--locale <language>',
    `one of ${CITATION_LOCALES.join(', ')}`,
    'the language of “and”, “edited by” and dates (default en-US)',
    (text, d) => {
      const read = CITATION_LOCALES.find((locale) => locale.toLowerCase() === text.toLowerCase())
      return read === undefined ? null : (d.locale = read)
    }
  ),
  asCitation: flag('--citation', 'one citation of all of them instead of a bibliography', (d) =>
    d.flags.add('citation')
  ),
  watch: textOption(
    '--watch <dir>',
    'a folder that your browser saves to',
    'attach the papers that are saved there, until Ctrl-C',
    (text, d) => {
      d.watch = text
    }
  ),
  port: option(
    '--port <n>',
    '0 (any that is free) or 1024 to 65535',
    'the port on 127.0.0.1 instead of the setting’s (companion.port)',
    (text, d) => {
      const port = wholeNumber(text, 0, 65_535)
      return port === null || (port > 0 && port < 1_024) ? null : (d.port = port)
    }
  ),
  newToken: flag('--new-token', 'make a new token; the old one is worth nothing from then on', (d) =>
    d.flags.add('new-token')
  ),
  once: flag('--once', 'with --watch: look once at what is new since the last time', (d) =>
    d.flags.add('once')
  ),
  verifyHashes: flag('--verify-hashes', 're-hash every file', (d) => d.flags.add('verify-hashes')),
  accept: flag('--accept', 'file what is unsure too, under the work that is proposed for it', (d) =>
    d.flags.add('accept')
  ),
  as: textOption(
    '--as <id>',
    'an identifier such as a DOI, an arXiv id or a web address',
    'the one file is this work',
    (text, d) => {
      d.as = text
    }
  ),
  noLookUp: flag(
    '--no-look-up',
    'ask no service; only what the files say and what is known here counts',
    (d) => d.flags.add('no-look-up')
  ),
  force: flag('--force', 'take the step although the measures speak against it', (d) => d.flags.add('force')),
  undo: flag('--undo', 'put it back and forget the removal', (d) => d.flags.add('undo')),
  format: choice('--format <format>', EXPORT_FORMATS, 'in which form', (value, d) => {
    d.format = value
  }),
  list: textOption(
    '--list <name>',
    'a name such as "my review"',
    'only papers of this named list',
    (text, d) => {
      d.list = text
    }
  ),
  intoList: textOption(
    '--list <list>',
    'a name such as "my review"',
    'put the works in this named list (it is made when it is new)',
    (text, d) => {
      d.list = text
    }
  ),
  reportFormat: choice('--format <form>', REPORT_FORMATS, 'in which form', (value, d) => {
    d.reportFormat = value
  }),
  telemetryFormat: choice('--format <kind>', TELEMETRY_FORMATS, 'in which form', (value, d) => {
    d.telemetryFormat = value
  }),
  since: option(
    '--since <time>',
    'a span such as 30m, 12h, 7d or 2w',
    'only what happened since then',
    (text, d) => {
      const [, count, unit] = /^(\d{1,6}) ?(s|m|h|d|w)$/i.exec(text.trim()) ?? []
      const seconds = SINCE_SECONDS[unit?.toLowerCase() ?? '']
      return seconds === undefined ? null : ((d.sinceSeconds = Number(count) * seconds), true)
    }
  ),
  linkStyle: choice('--style <style>', LINK_STYLES, 'how links are written', (value, d) => {
    d.linkStyle = value
  }),
  relativeTo: textOption(
    '--relative-to <dir>',
    'a folder',
    'paths begin there (default: the file’s folder)',
    (text, d) => {
      d.relativeTo = text
    }
  ),
  showOnly: flag('--dry-run', 'print the difference and write nothing', (d) => d.flags.add('show-only')),
  again: flag('--again', 'with send: papers whose item you removed in Zotero are sent again', (d) =>
    d.flags.add('again')
  ),
  previewHandover: flag('--dry-run', 'say what would be sent or attached, and do nothing', (d) =>
    d.flags.add('show-only')
  ),
  previewRename: flag('--dry-run', 'say what would be renamed, and do nothing', (d) =>
    d.flags.add('show-only')
  ),
  withUrls: flag('--with-urls', 'web addresses as they are, not their hashes only', (d) =>
    d.flags.add('with-urls')
  ),
  output: textOption('--output <file>', 'a file', 'write there instead of standard output', (text, d) => {
    d.output = text
  })
} satisfies Record<string, OptionSpec>
