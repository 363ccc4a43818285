/** Whether this installation may replace itself with a newer version. Pure. */

export interface Installation {
  readonly packaged: boolean
  readonly platform: NodeJS.Platform
  readonly env: Readonly<Record<string, string | undefined>>
  /** macOS: the app has a valid signature; Squirrel.Mac refuses to update any other */
  readonly signed: boolean
}

export type UpdatePolicy =
  | { readonly kind: 'update' }
  /** `because` is logged and shown in About */
  | { readonly kind: 'none'; readonly because: string }

/**
 * Sources: electron-updater's documentation (auto-updatable targets: macOS signed, NSIS, AppImage);
 * electron-builder's portable target sets PORTABLE_EXECUTABLE_DIR; the AppImage runtime sets APPIMAGE.
 */
export function updatePolicy({ packaged, platform, env, signed }: Installation): UpdatePolicy {
  const none = (because: string): UpdatePolicy => ({ kind: 'none', because })
  if (!packaged) return none('Sheaf runs from its sources.')
  if (platform === 'darwin' && !signed) return none('macOS updates signed applications only.')
  if (platform === 'win32' && env['PORTABLE_EXECUTABLE_DIR'] !== undefined) {
    return none('A portable Sheaf is updated by replacing its file.')
  }
  if (platform === 'linux' && env['APPIMAGE'] === undefined) {
    return none('This Sheaf was installed as a package; updates come the same way.')
  }
  return { kind: 'update' }
}
