/** The other half of `every-probe.test.ts`, in a separate file so that two test workers share the work. */
import { killAtProbes } from './die-at-probes'
import { useProbeWorld } from './probe-world'

killAtProbes(useProbeWorld(), 1)
