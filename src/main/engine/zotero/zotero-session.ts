/**
 * Shared by `send` and `attach`: the papers, the report of an outcome, the items that Zotero has, and the
 * rows that record an effect before and after it (docs/design.md §6).
 */
import type { ErrorCode } from '../../../contract/errors'
import type { Identifiers } from '../../../contract/work'
import type { ZoteroAction } from '../../../contract/zotero'
import {
  beginHandover,
  endHandover,
  handoverByKey,
  fileOfItem,
  itemOfWork,
  noteHandoverKeys,
  type Handover,
  type HandoverKind
} from '../../ledger/handovers'
import type { Ledger } from '../../ledger/ledger'
import type { ZoteroClient } from '../../net/zotero/zotero-client'
import { readHoldings, type ZoteroHolding } from '../../net/zotero/zotero-reading'
import type { Host } from '../../platform/host'
import { draftOfZotero, SeenWorks, type WriteEntry } from '../../works/works'
import { sha256Hex } from '../../platform/sha256'

export interface ZoteroPaper extends WriteEntry {
  readonly file: string
  readonly sha256: string
  /** the readable name */
  readonly filename: string
  /** the address that the file was fetched from */
  readonly url: string | null
}

export interface ZoteroOutcome {
  readonly workId: string
  readonly itemKey: string | null
  readonly action: ZoteroAction
  /** false: the item has no file; null: unknown */
  readonly hasFile: boolean | null
  /** the reason of `failed` or `unknown` */
  readonly reason?: ErrorCode
  readonly because?: string
}

/** Reads Zotero's items when its local API is off: from a copy of its database, or not at all. */
export type ReadDatabase = () => Promise<readonly ZoteroHolding[] | null>

export interface ZoteroHow {
  readonly signal: AbortSignal
  readonly readDatabase: ReadDatabase
  readonly dryRun: boolean
  /** send papers again whose item was removed in Zotero */
  readonly again: boolean
  readonly collection: string | null
  readonly tell: (outcome: ZoteroOutcome) => void
  /** reports that Zotero waits for a confirmation */
  readonly notice: (what: 'confirm' | 'blind' | 'one-time') => void
}

export interface ZoteroParts {
  readonly host: Host
  readonly ledger: Ledger
  /** where the key of the local API is kept */
  readonly dataDir: string
}

export interface Holdings {
  readonly all: readonly ZoteroHolding[]
  readonly byName: SeenWorks<ZoteroHolding>
  readonly byKey: ReadonlyMap<string, ZoteroHolding>
}

/** Null: Zotero's items are unknown. */
export async function holdingsOf(
  client: ZoteroClient,
  parts: ZoteroParts,
  how: Pick<ZoteroHow, 'readDatabase' | 'signal'>
): Promise<Holdings | null> {
  const all =
    client.about.api === 'on'
      ? await readHoldings(client, parts.host.files, how.signal)
      : await how.readDatabase()
  if (all === null) return null
  return { all, byName: namedBy(all), byKey: new Map(all.map((one) => [one.key, one])) }
}

/** Items by identifier; an item with a file comes before its duplicate without one. */
export function namedBy(all: readonly ZoteroHolding[]): SeenWorks<ZoteroHolding> {
  const byName = new SeenWorks<ZoteroHolding>()
  for (const holding of [...all.filter((one) => one.hasFile), ...all.filter((one) => !one.hasFile)]) {
    const ids = idsOf(holding)
    if (ids !== null) byName.add(ids, holding)
  }
  return byName
}

/** Null: the item has no identifier. */
export function idsOf(holding: ZoteroHolding): Identifiers | null {
  return draftOfZotero(holding, 1)?.ids ?? null
}

/** The rows that record the hand-over of one paper to one Zotero. */
export class HandoverLog {
  constructor(
    private readonly parts: ZoteroParts,
    private readonly client: ZoteroClient
  ) {}

  get target(): string {
    return this.client.about.serverId ?? ''
  }

  itemOf(paper: ZoteroPaper): Handover | null {
    return this.parts.ledger.read((r) => itemOfWork(r, { workId: paper.workId, target: this.target }))
  }

  fileOf(item: Handover): Handover | null {
    return this.parts.ledger.read((r) => fileOfItem(r, item))
  }

  named(opKey: string): Handover | null {
    return this.parts.ledger.read((r) => handoverByKey(r, opKey))
  }

  /** Durable before it resolves: only then may the request be sent. */
  async begin(
    paper: ZoteroPaper,
    intent: {
      readonly kind: HandoverKind
      readonly itemKey: string | null
      readonly sessionId: string
      /** beside kind, work and target: what the op is about */
      readonly about?: string
    }
  ): Promise<Handover> {
    const opKey = this.opKey(paper, intent.kind, intent.about)
    await this.parts.ledger.commit((w) => {
      beginHandover(w, {
        opKey,
        workId: paper.workId,
        kind: intent.kind,
        target: this.target,
        sha256: paper.sha256,
        itemKey: intent.itemKey,
        sessionId: intent.sessionId,
        now: this.parts.host.clock.now()
      })
    })
    return this.named(opKey) ?? unreachable()
  }

  opKey(paper: ZoteroPaper, kind: HandoverKind, about = ''): string {
    const name = JSON.stringify(['zotero', kind, paper.workId, this.target, about])
    return sha256Hex(name)
  }

  async end(row: Handover, code: 'SUCCESS' | 'ADOPTED' | ErrorCode): Promise<void> {
    await this.parts.ledger.commit((w) => {
      endHandover(w, row.opKey, { code, now: this.parts.host.clock.now() })
    })
  }

  async note(row: Handover, keys: { readonly itemKey?: string; readonly fileKey?: string }): Promise<void> {
    await this.parts.ledger.commit((w) => {
      noteHandoverKeys(w, row.opKey, keys)
    })
  }
}

function unreachable(): never {
  throw new Error('A row that was just written is not there.')
}

/** The bytes of a paper if they match the recorded hash. */
export async function bytesOf(parts: ZoteroParts, paper: ZoteroPaper): Promise<Uint8Array | null> {
  try {
    const bytes = await parts.host.files.readWhole(paper.file)
    return sha256Hex(bytes) === paper.sha256 ? bytes : null
  } catch {
    return null
  }
}
