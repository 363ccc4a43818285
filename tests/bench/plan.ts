/**
 * Planning from a file, whole: the built command line reads it, writes the ledger and ends. Prints wall and
 * processor time and the largest memory of that process; the yardstick beside each is the time that reading
 * and splitting the same file takes.
 *
 *   npm run bench -- plan [entries of BibTeX, 50000]
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const cli = resolve(import.meta.dirname, '../../out/main/cli.js')
const entries = Number(process.argv[2] ?? 50_000)
const folder = mkdtempSync(join(tmpdir(), 'sheaf-bench-'))

const WORDS =
  'analysis method protein climate network model learning quantum surface dynamics random optimal policy effect evidence cell membrane carbon urban inference ocean treatment cohort language graph energy {DNA} Bayes matrix sparse'.split(
    ' '
  )
let seed = 1
const below = (most: number): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % most
const words = (count: number): string =>
  Array.from({ length: count }, () => WORDS[below(WORDS.length)] ?? '').join(' ')

function bibtexEntry(at: number): string {
  const abstract = Array.from({ length: 12 }, () => words(14)).join('. ')
  return `@article{key${at}smith,
  author = {M{\\"u}ller, J${at}rg and van der Berg, Anna ${at} and Smith, John},
  title = {{On} ${words(9)} ${at}},
  journal = {Journal of ${words(3)}},
  year = {${1950 + below(70)}}, volume = {${below(90)}}, number = {${below(12)}}, pages = {${at}--${at + 9}},
  month = jan,
  doi = {10.5555/bench.${at}},
  url = {https://doi.org/10.5555/bench.${at}},
  keywords = {${words(2)}, ${words(2)}},
  abstract = {${abstract} with 5\\% of H$_2$O.},
}
`
}

const lines = (count: number, line: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => line(at)).join('\n')
const FILES: readonly (readonly [string, string])[] = [
  ['dois-10000.txt', lines(10_000, (at) => `10.5555/list.${at}`)],
  ['dois-100000.txt', lines(100_000, (at) => `10.5555/list.${at}`)],
  [`entries-${entries}.bib`, lines(entries, bibtexEntry)]
]

/** Tells the rusage of the process that it is loaded into, when that ends. */
const TELL = `process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage(); console.error(JSON.stringify({ maxRSS, cpu: (userCPUTime + systemCPUTime) / 1000 })) })`

try {
  for (const [name, text] of FILES) {
    const file = join(folder, name)
    writeFileSync(file, text)
    const from = performance.now()
    const split = readFileSync(file, 'utf8').split('\n').length
    const yardstick = performance.now() - from
    const began = performance.now()
    const told = spawnSync(
      process.execPath,
      [
        '--import',
        `data:text/javascript,${encodeURIComponent(TELL)}`,
        cli,
        'plan',
        '--from',
        file,
        ...['--data-dir', join(folder, `${name}-data`), '--out', join(folder, `${name}-library`)],
        '--enable-idempotency',
        '--json'
      ],
      { encoding: 'utf8', maxBuffer: 1e9 }
    )
    const wall = performance.now() - began
    const usage = JSON.parse(told.stderr.trim().split('\n').at(-1) ?? '{}') as { maxRSS: number; cpu: number }
    console.log(
      [
        name.padEnd(22),
        `${(text.length / 1e6).toFixed(1)} MB`.padStart(8),
        `${told.stdout.split('\n').filter((line) => line.includes('"planned"')).length - 1} jobs`.padStart(
          12
        ),
        `wall ${(wall / 1000).toFixed(1)} s`.padStart(12),
        `cpu ${(usage.cpu / 1000).toFixed(1)} s`.padStart(11),
        `memory ${Math.round(usage.maxRSS / 1024)} MB`.padStart(14),
        `reading and splitting ${String(split)} lines ${yardstick.toFixed(0)} ms`
      ].join('  ')
    )
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
