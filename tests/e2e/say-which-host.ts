/** Prints which host the run uses; a missing Electron is reported, not hidden. */
import { hasRealElectron, hostName } from '../kit/electron-host'

export default function sayWhichHost(): void {
  process.stdout.write(`The end-to-end specs run on ${hostName}.\n`)
  if (!hasRealElectron)
    process.stdout.write('NOT RUN: the same specs on real Electron. `npx install-electron` fetches it.\n')
}
