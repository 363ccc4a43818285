/**
 * The retrieval report: the screen's view, and its files. Facts and wording are shared with the command line.
 */
import type { ReportFile } from '../../contract/retrieval-report'
import { flowDiagram } from '../insights/report/flow-diagram'
import { writeReport, type ReportFormat } from '../insights/report/write-report'
import type { HandlersOf, NamesOf, HandlerDeps } from './handler-deps'

/** Word processors open the HTML page with its tables as a document. */
const FILES: Readonly<Record<ReportFile, { readonly format: ReportFormat; readonly extension: string }>> = {
  html: { format: 'html', extension: 'html' },
  csv: { format: 'csv', extension: 'csv' },
  word: { format: 'html', extension: 'doc' },
  svg: { format: 'svg', extension: 'svg' }
}

export function reportHandlers({
  session,
  systemDialogs,
  host,
  signal
}: HandlerDeps): HandlersOf<NamesOf<'report'>> {
  return {
    'report.get': async ({ list = null }) => {
      const { works, ...facts } = await session.sheaf.reportInSlices(list, signal)
      return { ...facts, svg: flowDiagram({ ...facts, works }) }
    },
    'report.export': async ({ list = null, format }) => {
      const { format: form, extension } = FILES[format]
      const report = await session.sheaf.reportInSlices(list, signal)
      const file = await systemDialogs.chooseWhereToSave({
        title: 'Save the retrieval report',
        name: `retrieval-report.${extension}`
      })
      if (file === null) return null
      await host.files.writeWhole(file, Buffer.from(writeReport(report, form)))
      return { file }
    }
  }
}
