/** Which file plays which command. Each is loaded when it is needed: help needs none of them. */
import type { ExitStatus } from '../exit-status'
import type { Stage } from '../stage'

export async function perform(stage: Stage): Promise<ExitStatus> {
  const { request } = stage.invocation
  switch (request.command) {
    case 'plan':
      return (await import('./run')).plan(stage, request)
    case 'run':
      return (await import('./run')).run(stage, request)
    case 'status':
      return (await import('./status')).status(stage, request)
    case 'lists':
      return (await import('./lists')).lists(stage)
    case 'report':
      return (await import('./report')).report(stage, request)
    case 'jobs':
      return (await import('./jobs')).jobs(stage, request)
    case 'ops':
      return (await import('./jobs')).ops(stage, request)
    case 'reconcile':
      return (await import('./reconcile')).reconcile(stage, request)
    case 'rebuild':
      return (await import('./rebuild')).rebuild(stage)
    case 'rollout':
      return (await import('./rollout')).rollout(stage, request)
    case 'retry':
      return (await import('./keep-house')).retry(stage, request)
    case 'attach':
      return (await import('./keep-house')).attach(stage, request)
    case 'import':
      return (await import('./import')).importPapers(stage, request)
    case 'remove':
      return (await import('./keep-house')).remove(stage, request)
    case 'quarantine':
      return (await import('./keep-house')).quarantine(stage, request)
    case 'demo':
      return (await import('./demo')).demo(stage)
    case 'export':
      return (await import('./exchange')).exportLibrary(stage, request)
    case 'import-manifest':
      return (await import('./exchange')).importManifest(stage, request)
    case 'settings':
      return (await import('./settings')).settings(stage, request)
    case 'keys':
      return (await import('./keys')).keys(stage, request)
    case 'search':
      return (await import('./search')).search(stage, request)
    case 'sources':
      return (await import('./sources')).sources(stage, request)
    case 'telemetry':
      return (await import('./telemetry')).telemetry(stage, request)
    case 'bib':
      return (await import('./bib')).bib(stage, request)
    case 'zotero':
      return (await import('./zotero')).zotero(stage, request)
    case 'completion':
      return (await import('./completion')).completion(stage, request)
    case 'doctor':
      return (await import('./doctor')).doctor(stage)
    default:
      return request satisfies never
  }
}
