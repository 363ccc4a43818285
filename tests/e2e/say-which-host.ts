/** A missing host is reported, not hidden: the first line of a run says on what it runs. */
import { hasRealElectron, hostName } from '../kit/electron-host'

export default function sayWhichHost(): void {
  process.stdout.write(`The end-to-end specs run on ${hostName}.\n`)
  if (!hasRealElectron)
    process.stdout.write('NOT RUN: the same specs on real Electron. `npx install-electron` fetches it.\n')
}
