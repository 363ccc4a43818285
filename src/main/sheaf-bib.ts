/** A `.bib` that a command writes links into, read and linked as the app's linked files are. */
export { entriesHere, linkNames, readBib, type BibText, type EntryHere } from './engine/bib/bib-text'
