/** The options of all commands, and those of single ones. */
import { CITATION_LOCALES, CITATION_STYLES } from '../../contract/citation-styles'
import { STATES } from '../../contract/words'
import { REPORT_FORMATS } from '../insights/report/write-report'
import { TELEMETRY_FORMATS } from '../insights/telemetry/write-telemetry'
import { LOG_LEVELS } from '../platform/log'
import { LINK_STYLES } from '../works/works'
import { EXPORT_FORMATS } from './invocation'
import { flag, notEmpty, option, type OptionSpec } from './option-spec'
import { listOf, wholeNumber } from './option-values'
import { UNIT_SECONDS, WEEK_SECONDS } from '../../contract/durations'

export const COMMON_OPTIONS: readonly OptionSpec[] = [
  option('--out <dir>', 'a folder', 'the library (default Documents/Sheaf)', (text, d) =>
    notEmpty(text) === null ? null : (d.out = text)
  ),
  option('--data-dir <dir>', 'a folder', 'ledger, settings and logs', (text, d) =>
    notEmpty(text) === null ? null : (d.dataDir = text)
  ),
  flag(
    '--new-library',
    'give up the former library: the folder becomes a new one, or the one that is there',
    (d) => d.flags.add('new-library')
  ),
  flag('--json', 'JSON Lines on standard output', (d) => d.flags.add('json')),
  flag('--quiet', 'no progress and no summary', (d) => d.flags.add('quiet')),
  option(
    '--log-level <level>',
    `one of ${LOG_LEVELS.join(', ')}`,
    'what is logged on standard error',
    (text, d) => {
      const read = listOf(text, LOG_LEVELS)
      return read?.length === 1 && read[0] !== undefined ? (d.logLevel = read[0]) : null
    }
  )
]

const SINCE_SECONDS: Readonly<Record<string, number>> = { ...UNIT_SECONDS, w: WEEK_SECONDS }

const LIMIT = 'a whole number from 0 to 1000000'

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
  text: option(
    '--text <text>',
    'some words',
    'only jobs whose title, author, address or id has this',
    (text, d) => (notEmpty(text) === null ? null : (d.text = text))
  ),
  limit: option('--limit <n>', LIMIT, 'at most so many', (text, d) => {
    const read = wholeNumber(text, 0, 1_000_000)
    return read === null ? null : ((d.limit = read), true)
  }),
  offset: option('--offset <n>', LIMIT, 'leave out so many', (text, d) => {
    const read = wholeNumber(text, 0, 1_000_000)
    return read === null ? null : ((d.offset = read), true)
  }),
  job: option('--job <id>', 'a job’s id', 'only this job (repeatable)', (text, d) =>
    notEmpty(text) === null ? null : d.jobIds.push(text)
  ),
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
  citeFormat: option('--format <form>', 'one of text, html', 'in which form (default text)', (text, d) => {
    const read = listOf(text, ['text', 'html'] as const)
    return read?.length === 1 && read[0] !== undefined ? (d.citeFormat = read[0]) : null
  }),
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
  watch: option(
    '--watch <dir>',
    'a folder that your browser saves to',
    'attach the papers that are saved there, until Ctrl-C',
    (text, d) => (notEmpty(text) === null ? null : (d.watch = text))
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
  as: option(
    '--as <id>',
    'an identifier such as a DOI, an arXiv id or a web address',
    'the one file is this work',
    (text, d) => (notEmpty(text) === null ? null : (d.as = text))
  ),
  noLookUp: flag(
    '--no-look-up',
    'ask no service; only what the files say and what is known here counts',
    (d) => d.flags.add('no-look-up')
  ),
  force: flag('--force', 'take the step although the measures speak against it', (d) => d.flags.add('force')),
  undo: flag('--undo', 'put it back and forget the removal', (d) => d.flags.add('undo')),
  format: option('--format <format>', `one of ${EXPORT_FORMATS.join(', ')}`, 'in which form', (text, d) => {
    const read = listOf(text, EXPORT_FORMATS)
    return read?.length === 1 && read[0] !== undefined ? (d.format = read[0]) : null
  }),
  list: option('--list <name>', 'a name such as "my review"', 'only papers of this named list', (text, d) =>
    notEmpty(text) === null ? null : (d.list = text)
  ),
  intoList: option(
    '--list <list>',
    'a name such as "my review"',
    'put the works in this named list (it is made when it is new)',
    (text, d) => (notEmpty(text) === null ? null : (d.list = text))
  ),
  reportFormat: option(
    '--format <form>',
    `one of ${REPORT_FORMATS.join(', ')}`,
    'in which form',
    (text, d) => {
      const read = listOf(text, REPORT_FORMATS)
      return read?.length === 1 && read[0] !== undefined ? (d.reportFormat = read[0]) : null
    }
  ),
  telemetryFormat: option(
    '--format <kind>',
    `one of ${TELEMETRY_FORMATS.join(', ')}`,
    'in which form',
    (text, d) => {
      const read = listOf(text, TELEMETRY_FORMATS)
      return read?.length === 1 && read[0] !== undefined ? (d.telemetryFormat = read[0]) : null
    }
  ),
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
  linkStyle: option(
    '--style <style>',
    `one of ${LINK_STYLES.join(', ')}`,
    'how links are written',
    (text, d) => {
      const read = listOf(text, LINK_STYLES)
      return read?.length === 1 && read[0] !== undefined ? (d.linkStyle = read[0]) : null
    }
  ),
  relativeTo: option(
    '--relative-to <dir>',
    'a folder',
    'paths begin there (default: the file’s folder)',
    (text, d) => (notEmpty(text) === null ? null : (d.relativeTo = text))
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
  output: option('--output <file>', 'a file', 'write there instead of standard output', (text, d) =>
    notEmpty(text) === null ? null : (d.output = text)
  )
} satisfies Record<string, OptionSpec>
