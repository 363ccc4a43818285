/**
 * What a surface may see of a ledger before Sheaf is there: a door of its own, since behind the other
 * one stands the whole engine.
 */
export { previewQueue } from './ledger/ledger-preview'
