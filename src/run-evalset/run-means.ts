import type { Purse } from '../money/purse.ts'
import type { Outside } from '../ports.ts'
import type { Cassette } from '../providers/cassette/cassette.ts'
import type { Limiter } from '../providers/limiter/limiter.ts'
import type { PriceList } from '../providers/prices/price-list.ts'
import type { NamedProviders } from '../providers/registry.ts'
import type { Redactor } from '../text/redact.ts'

/**
 * By what a run reaches models and agents. Without it only the reference provider can be asked, as in
 * lint and in the questions about a gate itself.
 */
export interface RunMeans {
  readonly outside: Outside
  /** Model services as `agent-eval.yaml` names them. */
  readonly providers: NamedProviders
  /** Absolute folder of `agent-eval.yaml`: paths of `module:` models are relative to it. */
  readonly root: string
  /** One for all runs of a command: a service does not care which run asks. */
  readonly limiter: Limiter
  readonly purse: Purse
  readonly cassette: Cassette
  /** The journal's: a judge is shown what whoever reads the trace from disk sees. */
  readonly redactor: Redactor
  /** Absent where nothing that is asked has a price. */
  readonly prices?: PriceList
  /** Nothing will be sent: what is only needed for that, such as keys, need not be there. */
  readonly isDry?: boolean
  /** The program that runs agents which are modules. */
  readonly host: readonly [string, ...string[]]
}
