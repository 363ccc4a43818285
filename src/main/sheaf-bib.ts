/** Reading and linking a `.bib` for a command, like the app's linked files. */
export { entriesHere, linkNames, readBib, type BibText, type EntryHere } from './engine/bib/bib-text'
