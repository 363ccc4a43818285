/**
 * Pictures of first pages, one per content: `.sheaf/thumbnails/<sha256>.png` or `.webp`. The page draws them;
 * this module only checks that they are pictures of a reasonable size. They may be deleted at any time.
 */
import { join } from 'node:path'
import { fail } from '../../contract/errors'
import type { Host } from '../platform/host'
import { isSha256 } from '../platform/recorded-path'
import { onDisk } from './disk-trouble'

const FOLDER = '.sheaf/thumbnails'
const MOST_PIXELS = 2_048
const NAME = /^([0-9a-f]{64})\.(png|webp)$/

export type PictureKind = 'png' | 'webp'

export interface Thumbnails {
  /** Hashes with a picture, and its kind. Returns the same map until a picture is added. */
  known(): Promise<ReadonlyMap<string, PictureKind>>
  /** Relative path of the picture, or null. */
  pathOf(sha256: string): Promise<string | null>
  /** Refuses (BAD_FILE) what is not a PNG or WebP picture of at most 2,048 pixels a side. */
  keep(sha256: string, bytes: Uint8Array): Promise<void>
}

export function makeThumbnails(host: Host, root: string): Thumbnails {
  const { files } = host
  let listed: Promise<Map<string, PictureKind>> | null = null

  function known(): Promise<Map<string, PictureKind>> {
    listed ??= list().catch((error: unknown) => {
      listed = null
      throw error
    })
    return listed
  }

  async function list(): Promise<Map<string, PictureKind>> {
    const found = new Map<string, PictureKind>()
    for (const { name } of await files.list(join(root, FOLDER))) {
      const [, sha256, kind] = NAME.exec(name) ?? []
      if (sha256 !== undefined) found.set(sha256, kind === 'png' ? 'png' : 'webp')
    }
    return found
  }

  return {
    known,
    async pathOf(sha256) {
      const kind = (await known()).get(sha256)
      return kind === undefined ? null : `${FOLDER}/${sha256}.${kind}`
    },
    async keep(sha256, bytes) {
      if (!isSha256(sha256)) fail('BAD_FILE', 'A picture is kept under the hash of its paper.')
      const picture = pictureIn(bytes)
      if (picture === null) fail('BAD_FILE', 'The picture is neither PNG nor WebP.')
      const { kind, width, height } = picture
      if (width < 1 || height < 1 || width > MOST_PIXELS || height > MOST_PIXELS) {
        fail('BAD_FILE', `The picture is ${String(width)} × ${String(height)} pixels; that is no thumbnail.`)
      }
      const pictures = await known()
      const before = pictures.get(sha256)
      await onDisk(root, async () => {
        await files.makeFolder(join(root, FOLDER))
        await files.writeWhole(join(root, FOLDER, `${sha256}.${kind}`), bytes)
        if (before !== undefined && before !== kind) {
          await files.remove(join(root, FOLDER, `${sha256}.${before}`))
        }
      })
      pictures.set(sha256, kind)
    }
  }
}

/**
 * The kind and size according to the first bytes. Sources: PNG (ISO/IEC 15948) §5.2, §11.2.2; WebP container
 * specification (VP8, VP8L, VP8X headers), RFC 9649 §2.
 */
export function pictureIn(
  bytes: Uint8Array
): { readonly kind: PictureKind; readonly width: number; readonly height: number } | null {
  if (bytes.length < 30) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const four = (at: number): string => String.fromCharCode(...bytes.subarray(at, at + 4))
  if (view.getUint32(0) === 0x89504e47 && view.getUint32(4) === 0x0d0a1a0a) {
    if (four(12) !== 'IHDR' || four(bytes.length - 8) !== 'IEND') return null
    return { kind: 'png', width: view.getUint32(16), height: view.getUint32(20) }
  }
  if (four(0) !== 'RIFF' || four(8) !== 'WEBP' || view.getUint32(4, true) + 8 > bytes.length) return null
  const size24 = (at: number): number => view.getUint16(at, true) + (view.getUint8(at + 2) << 16) + 1
  switch (four(12)) {
    case 'VP8X':
      return { kind: 'webp', width: size24(24), height: size24(27) }
    case 'VP8L': {
      if (view.getUint8(20) !== 0x2f) return null
      const bits = view.getUint32(21, true)
      return { kind: 'webp', width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 }
    }
    case 'VP8 ':
      if (view.getUint8(23) !== 0x9d || view.getUint8(24) !== 0x01 || view.getUint8(25) !== 0x2a) return null
      return {
        kind: 'webp',
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff
      }
    default:
      return null
  }
}
