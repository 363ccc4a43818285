/**
 * The page's policy forbids code made from text, so the schemas must be told not to try. This must run
 * before any schema is made: every module of the page that validates imports it first (see `check-setting.ts`).
 */
import { z } from 'zod'

z.config({ jitless: true })
