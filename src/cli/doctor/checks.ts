import type { Check } from './check.ts'
import { baselinesCheck } from './checks/baselines.ts'
import { candidatesCheck } from './checks/candidates.ts'
import { ciCheck } from './checks/ci.ts'
import { evalSetsCheck } from './checks/eval-sets.ts'
import { baseCheck, gitCheck } from './checks/git.ts'
import { keysCheck } from './checks/keys.ts'
import { lintCheck } from './checks/lint.ts'
import { clockCheck, diskCheck, nodeCheck } from './checks/machine.ts'
import { pinnedCliCheck } from './checks/pinned-cli.ts'
import { pinsCheck } from './checks/pins.ts'
import { policiesCheck } from './checks/policies.ts'
import { pricesCheck } from './checks/prices.ts'
import { probeCheck } from './checks/probe.ts'
import { programsCheck } from './checks/programs.ts'
import { projectCheck } from './checks/project.ts'
import { resultsCheck } from './checks/results.ts'

/** Every check, in the order in which one would mend what they find: the first ones hide the others. */
export const checks: readonly Check[] = [
  nodeCheck,
  clockCheck,
  diskCheck,
  projectCheck,
  evalSetsCheck,
  candidatesCheck,
  programsCheck,
  policiesCheck,
  lintCheck,
  keysCheck,
  pricesCheck,
  gitCheck,
  baseCheck,
  baselinesCheck,
  ciCheck,
  pinsCheck,
  resultsCheck,
  pinnedCliCheck,
  probeCheck,
]
