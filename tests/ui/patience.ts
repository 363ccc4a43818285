/** What a busy machine needs: a second, which is what the library waits for, is not a fact about a component. */
import { configure } from '@testing-library/svelte'

configure({ asyncUtilTimeout: 10_000 })
