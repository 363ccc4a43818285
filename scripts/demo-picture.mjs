/**
 * Makes `docs/demo.png`, the picture in the README: runs the demo (or takes its output from a file)
 * and lets a Chromium draw it. `node scripts/demo-picture.mjs [output.txt]`
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { chromium } from 'playwright'

const root = resolve(import.meta.dirname, '..')
const [given] = process.argv.slice(2)
const text = given
  ? readFileSync(given, 'utf8')
  : (() => {
      const ran = spawnSync(process.execPath, [join(root, 'out/main/cli.js'), 'demo'], { encoding: 'utf8' })
      return ran.stdout + ran.stderr
    })()

const escape = (line) => line.replace(/&/g, '&amp;').replace(/</g, '&lt;')
const dress = (line) => {
  const plain = escape(line)
  if (/^\d {2}/.test(line) || /^(Sheaf|The figures|What was checked|All \d+)/.test(line))
    return `<b>${plain}</b>`
  return plain
    .replace(/^(\s*)✓/, '$1<i class="good">✓</i>')
    .replace(/^(\s*)✗/, '$1<i class="attention">✗</i>')
    .replace(/^(\s*)■/, '$1<i class="bad">■</i>')
    .replace(/^(\s*)=/, '$1<i class="calm">=</i>')
}
const page = `<!doctype html><meta charset="utf-8"><style>
body { margin: 0; background: #17181a; padding: 28px 34px; width: 1160px; }
pre { margin: 0; color: #a5a39d; font: 13px/1.5 "DejaVu Sans Mono", monospace; white-space: pre-wrap; }
b { color: #e8e6e1; } i { font-style: normal; } .good { color: #79c79c; } .attention { color: #e6ac5c; }
.bad { color: #ec8f86; } .calm { color: #86a5ff; }</style><pre>${text
  .replace(/\/\S*\/sheaf-demo-\w+/g, '/tmp/sheaf-demo')
  .trimEnd()
  .split('\n')
  .map(dress)
  .join('\n')}</pre>`

const scratch = join(mkdtempSync(join(tmpdir(), 'sheaf-picture-')), 'page.html')
writeFileSync(scratch, page)
mkdirSync(join(root, 'docs'), { recursive: true })
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox']
})
try {
  const tab = await browser.newPage({ viewport: { width: 1228, height: 400 } })
  await tab.goto(`file://${scratch}`)
  await tab.screenshot({ path: join(root, 'docs/demo.png'), fullPage: true })
} finally {
  await browser.close()
}
