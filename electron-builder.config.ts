/**
 * How Sheaf is packaged. The list of files is computed from what is built (`scripts/package-files.mjs`)
 * and checked again in the finished package (`scripts/check-package.mjs`). A function, so that the
 * settings can be read where nothing is built.
 */
import type { Configuration } from 'electron-builder'
import { join } from 'node:path'
import { checkPackage } from './scripts/check-package.mjs'
import { packageFiles } from './scripts/package-files.mjs'

const root = import.meta.dirname

/** Everything that can be said without a build. */
export const packaging = {
  appId: 'org.example.sheaf',
  productName: 'Sheaf',
  copyright: '© The Sheaf authors, MIT licence',
  directories: { buildResources: 'resources', output: 'dist' },
  asar: true,
  // Beside the archive: a browser loads it as a folder.
  extraResources: [{ from: 'resources/companion', to: 'companion' }],
  npmRebuild: false,
  electronLanguages: ['en-US', 'en'],
  // What the executable may be talked into: nothing but showing this very archive.
  electronFuses: {
    runAsNode: false,
    // The page keeps no cookies; encrypting none would ask macOS users for their keychain.
    enableCookieEncryption: false,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    // The page comes from its own scheme; no file: page needs privileges.
    grantFileProtocolExtraPrivileges: false,
    resetAdHocDarwinSignature: true
  },
  publish: { provider: 'generic', url: 'https://updates.sheaf.example.org' },
  fileAssociations: [
    {
      ext: 'bib',
      name: 'BibTeX references',
      description: 'BibTeX references',
      role: 'Viewer',
      mimeType: 'text/x-bibtex'
    },
    {
      ext: 'ris',
      name: 'RIS references',
      description: 'RIS references',
      role: 'Viewer',
      mimeType: 'application/x-research-info-systems'
    },
    {
      ext: 'nbib',
      name: 'PubMed references',
      description: 'PubMed references',
      role: 'Viewer',
      mimeType: 'application/nbib'
    }
  ],
  win: {
    target: [
      { target: 'nsis', arch: ['x64', 'arm64'] },
      { target: 'portable', arch: ['x64'] }
    ],
    icon: 'resources/icon.ico'
  },
  nsis: {
    oneClick: false,
    perMachine: false,
    allowToChangeInstallationDirectory: true,
    // Papers and the ledger are the person's.
    deleteAppDataOnUninstall: false
  },
  portable: { artifactName: '${productName}-${version}-portable.${ext}' },
  mac: {
    // The archive beside the disk image is what updates are taken from.
    target: [
      { target: 'dmg', arch: ['universal'] },
      { target: 'zip', arch: ['universal'] }
    ],
    icon: 'resources/icon.icns',
    category: 'public.app-category.education',
    hardenedRuntime: true,
    entitlements: 'resources/entitlements.mac.plist',
    entitlementsInherit: 'resources/entitlements.mac.plist',
    darkModeSupport: true,
    // Offered under “Open with”, never taking a file type over. Not on Windows, where an installer can only take it over.
    fileAssociations: [
      { ext: 'json', name: 'JSON references', role: 'Viewer', rank: 'Alternate' },
      { ext: 'csv', name: 'Reference table', role: 'Viewer', rank: 'Alternate' }
    ]
  },
  // Without this the desktop entry starts every page outside of the sandbox.
  appImage: { executableArgs: [] },
  linux: {
    target: [
      { target: 'AppImage', arch: ['x64'] },
      { target: 'deb', arch: ['x64'] }
    ],
    icon: 'resources/icons',
    executableName: 'sheaf',
    category: 'Science',
    synopsis: 'Downloads of papers, exactly once, and filed',
    maintainer: 'The Sheaf authors <sheaf@example.org>',
    mimeTypes: [
      'text/x-bibtex',
      'application/x-research-info-systems',
      'application/nbib',
      'application/json',
      'text/csv'
    ]
  }
} as const satisfies Configuration

export default (): Configuration => ({
  ...structuredClone<Configuration>(packaging),
  files: [
    'package.json',
    '!node_modules/**',
    ...packageFiles(join(root, 'out')).map((file) => `out/${file}`)
  ],
  afterPack: ({ appOutDir, electronPlatformName, packager }) => {
    const resources =
      electronPlatformName === 'darwin'
        ? join(appOutDir, `${packager.appInfo.productFilename}.app`, 'Contents/Resources')
        : join(appOutDir, 'resources')
    const { files, bytes, problems } = checkPackage(join(resources, 'app.asar'), join(root, 'out'))
    if (problems.length > 0) throw new Error(`The package is not what it should be:\n${problems.join('\n')}`)
    console.log(`  • the package is whole: ${String(files)} files, ${(bytes / 1e6).toFixed(1)} MB`)
  }
})
