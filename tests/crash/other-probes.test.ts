/** The other half of `every-probe.test.ts`, a file of its own so that two workers share the work. */
import { dieAtProbes } from './die-at-probes'
import { useProbeWorld } from './probe-world'

dieAtProbes(useProbeWorld(), 1)
