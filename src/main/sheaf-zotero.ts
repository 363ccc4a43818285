/** Reads a Zotero library without a ledger, for commands that open none. */
export { databaseOrNothing, zoteroMissing, type ZoteroAsk } from './engine/zotero/zotero-library'
