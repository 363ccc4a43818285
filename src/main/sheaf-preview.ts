/**
 * The API of a ledger before Sheaf is open: an entry of its own, to avoid loading the whole engine.
 */
export { previewQueue } from './ledger/ledger-preview'
