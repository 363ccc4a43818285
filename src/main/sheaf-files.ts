/** Files added by hand, files that leave the library, the quarantine, and other ledgers. */
import { doneLine } from './engine/answers'
import { acceptQuarantined, attachFile } from './engine/attach'
import { removeWork, restoreWork } from './engine/control'
import { makeHandOff } from './engine/handoff/hand-off'
import { importFiles } from './engine/import/import-files'
import { removeListed } from './engine/remove-listed'
import { takeManifest } from './engine/take-manifest'
import type { SheafFiles } from './sheaf-api'
import { bringIntoAgreement } from './sheaf-care'
import { withLibrary, type Own, type SheafParts } from './sheaf-parts'

export function makeFiles(parts: SheafParts): Own<SheafFiles> {
  const { host, ledger, engine, working, libraryInUse } = parts
  return {
    attach: async (jobId, file, signal) =>
      doneLine(
        engine,
        jobId,
        await working.during(signal, (until) =>
          withLibrary(parts, () => attachFile(engine, jobId, file, { signal: until }))
        )
      ),
    async importFiles(request, how) {
      await working.during(how.signal, async (signal) => {
        // After this, jobs left by an interrupted import are leasable again.
        if (request.isLive !== true && engine.settings['safety.switch'] !== 'off')
          await bringIntoAgreement(parts, { verifyHashes: false, quick: true, why: 'start' }, signal)
        await withLibrary(parts, () => importFiles(engine, request, { ...how, signal }))
      })
    },
    handOff: makeHandOff({
      engine,
      during: (signal, work) => working.during(signal, (until) => withLibrary(parts, () => work(until)))
    }),
    remove: (id) => withLibrary(parts, () => removeWork(engine, id)),
    undoRemove: (id) => restoreWork(engine, id),
    removeListed: (artifactId) =>
      removeListed({ catalog: libraryInUse.catalog, library: engine.library }, artifactId),
    onQuarantine: (listener) => libraryInUse.onQuarantine.add(listener),
    async quarantineAccept(id, signal) {
      const file = (await engine.library.quarantine.list()).find((one) => one.id === id)
      const accepted = working.during(signal, (until) =>
        withLibrary(parts, () => acceptQuarantined(engine, id, until))
      )
      // An accepted file leaves the quarantine when its object is stored, after `release` has reported it.
      return doneLine(engine, file?.jobId ?? '', await accepted.finally(libraryInUse.onQuarantine.call))
    },
    quarantineReject: (id) => engine.library.quarantine.release(id, 'reject'),
    importManifest: (bytes, signal) => takeManifest({ host, ledger }, bytes, signal)
  }
}
