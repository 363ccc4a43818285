/** The ledger's trouble closes the gate. */
import type { Engine } from './engine'

/** While the ledger cannot write, nothing is begun: nothing could be acknowledged. */
export function watchTrouble(engine: Engine): () => void {
  return engine.ledger.onTrouble(() => {
    const trouble = engine.ledger.trouble()
    if (trouble === null) return
    engine.host.log.warn(`Paused: ${trouble.sentence}`)
    engine.gate.close(trouble.code, trouble.sentence)
  })
}
