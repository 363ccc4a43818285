/** Maps commands to their modules. Each is loaded on demand: help needs none of them. */
import type { ExitStatus } from '../exit-status'
import type { CommandContext } from '../command-context'

/** Size: one case per command. */
export async function perform(context: CommandContext): Promise<ExitStatus> {
  const { request } = context.invocation
  switch (request.command) {
    case 'plan':
      return (await import('./run')).plan(context, request)
    case 'run':
      return (await import('./run')).run(context, request)
    case 'status':
      return (await import('./status')).status(context, request)
    case 'lists':
      return (await import('./lists')).lists(context)
    case 'report':
      return (await import('./report')).report(context, request)
    case 'jobs':
      return (await import('./jobs')).jobs(context, request)
    case 'ops':
      return (await import('./jobs')).ops(context, request)
    case 'reconcile':
      return (await import('./reconcile')).reconcile(context, request)
    case 'rebuild':
      return (await import('./rebuild')).rebuild(context)
    case 'rollout':
      return (await import('./rollout')).rollout(context, request)
    case 'library':
      return (await import('./library')).library(context, request)
    case 'retry':
      return (await import('./job-commands')).retry(context, request)
    case 'attach':
      return (await import('./job-commands')).attach(context, request)
    case 'import':
      return (await import('./import')).importPapers(context, request)
    case 'cite':
      return (await import('./cite')).cite(context, request)
    case 'handoff':
      return (await import('./handoff')).handOff(context, request)
    case 'serve':
      return (await import('./serve')).serve(context, request)
    case 'remove':
      return (await import('./job-commands')).remove(context, request)
    case 'quarantine':
      return (await import('./job-commands')).quarantine(context, request)
    case 'demo':
      return (await import('./demo')).demo(context)
    case 'export':
      return (await import('./exchange')).exportLibrary(context, request)
    case 'import-manifest':
      return (await import('./exchange')).importManifest(context, request)
    case 'settings':
      return (await import('./settings')).settings(context, request)
    case 'keys':
      return (await import('./keys')).keys(context, request)
    case 'search':
      return (await import('./search')).search(context, request)
    case 'sources':
      return (await import('./sources')).sources(context, request)
    case 'telemetry':
      return (await import('./telemetry')).telemetry(context, request)
    case 'bib':
      return (await import('./bib')).bib(context, request)
    case 'zotero':
      return (await import('./zotero')).zotero(context, request)
    case 'completion':
      return (await import('./completion')).completion(context, request)
    case 'doctor':
      return (await import('./doctor')).doctor(context)
    default:
      return request satisfies never
  }
}
