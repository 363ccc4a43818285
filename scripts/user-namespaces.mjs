/**
 * Ubuntu 23.10 and later let only programs with an AppArmor profile create user namespaces, which
 * Chromium's sandbox needs. Electron then ends at once with a message that names no remedy.
 * Source: Ubuntu security documentation, "unprivileged user namespace restrictions" (2024).
 */
import { readFileSync } from 'node:fs'

const SWITCH = '/proc/sys/kernel/apparmor_restrict_unprivileged_userns'

/** True where the system restricts them; false where the switch is not there or off. */
export function readsAsRestricted(read = () => readFileSync(SWITCH, 'utf8')) {
  try {
    return read().trim() === '1'
  } catch {
    return false
  }
}

/** What the user can do about it. `program`: the absolute path of Electron's executable. */
export function sandboxRemedy(program) {
  return `This system restricts user namespaces, which the sandbox of Sheaf's window needs.
If the window does not open, give Electron a profile (once, as an administrator):

  sudo tee /etc/apparmor.d/sheaf-electron <<'PROFILE'
  abi <abi/4.0>,
  include <tunables/global>
  profile sheaf-electron ${program} flags=(unconfined) {
    userns,
  }
  PROFILE
  sudo apparmor_parser -r /etc/apparmor.d/sheaf-electron

An installed package brings its own profile.`
}
