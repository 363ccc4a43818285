/**
 * The page's CSP forbids code generated from text, so zod must not compile schemas. This must run before any
 * schema is created: every module of the page that validates imports it first (see `check-setting.ts`).
 */
import { z } from 'zod'

z.config({ jitless: true })
