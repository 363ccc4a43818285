/**
 * Errors of link(2) that mean “this file system has no hard links here”: copy instead. exFAT on Windows
 * answers EISDIR or UNKNOWN; FAT, network drives and other volumes the rest.
 */
const COPY_INSTEAD: readonly string[] = [
  'EXDEV',
  'EPERM',
  'ENOTSUP',
  'EOPNOTSUPP',
  'EMLINK',
  'ENOSYS',
  'EINVAL',
  'EISDIR',
  'UNKNOWN'
]

export function meansCopyInstead(code: string | null): boolean {
  return code !== null && COPY_INSTEAD.includes(code)
}
