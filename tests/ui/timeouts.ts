/** A longer timeout: the default of one second in Testing Library is too short on a busy machine. */
import { configure } from '@testing-library/svelte'

configure({ asyncUtilTimeout: 10_000 })
