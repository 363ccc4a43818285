/** Closes the gate while the ledger has trouble. */
import type { Engine } from './engine'

/** While the ledger cannot write, no job begins: nothing could be acknowledged. */
export function watchTrouble(engine: Engine): () => void {
  return engine.ledger.onTrouble(() => {
    const trouble = engine.ledger.trouble()
    if (trouble === null) return
    engine.host.log.warn(`Paused: ${trouble.sentence}`)
    engine.gate.close(trouble.code, trouble.sentence)
  })
}
