/** The files of a repository's deposit (Figshare, Zenodo). */
import { webUrl } from './web-text'

/** A deposit with more PDFs is a data set: none of them is the paper. */
const MOST_PDFS = 4
const MOST_PROPOSED = 2

export interface DepositFile {
  readonly url: string
  readonly bytes?: number | undefined
}

interface RawFile {
  readonly name: string | null | undefined
  readonly address: string | null | undefined
  readonly size: number | null | undefined
  /** the service says that it is a PDF, whatever its name */
  readonly isPdf?: boolean
}

/** The PDFs with an address, in the deposit's order. */
export function pdfsOfDeposit(files: readonly RawFile[]): readonly DepositFile[] {
  const pdfs = files
    .filter(({ name, isPdf = false }) => isPdf || /\.pdf$/i.test(name ?? ''))
    .flatMap(({ address, size }) => {
      const url = webUrl(address)
      return url === null ? [] : [{ url, bytes: size ?? undefined }]
    })
  return unlessDataSet(pdfs)
}

/** The first PDFs of a deposit, or none of a data set. */
export function unlessDataSet<T>(pdfs: readonly T[]): readonly T[] {
  return pdfs.length <= MOST_PDFS ? pdfs.slice(0, MOST_PROPOSED) : []
}
