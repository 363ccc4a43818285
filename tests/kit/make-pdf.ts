/** The writer of sample papers, for tests that need a valid PDF of a known work. */
export { makePdf, type PaperText } from '../../src/main/demo/make-pdf'
