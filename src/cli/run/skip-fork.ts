import { exitCodeOf } from '../../gate/settle-status.ts'
import { connectionSettings } from '../../providers/connection-settings.ts'
import { type NamedProviders, resolveModel } from '../../providers/registry.ts'
import type { GateConfig } from '../../schema/gate-config.ts'
import type { Provenance } from '../../schema/run-manifest.ts'
import type { SkippedRun, WithheldKeys } from '../../schema/skipped-run.ts'
import { type AskedAtBase, askedAtBase, type GroundAtBase } from '../at-base/keys-at-base.ts'
import type { AskedModels } from '../candidate/live-models.ts'
import { forkOrigin } from '../ci/fork-origin.ts'
import type { Io } from '../io.ts'
import { type ChosenReporter, type Printing, printSkipped } from '../print/print-result.ts'
import type { RunOptions } from './run-options.ts'

/** What a run would ask, by whose settings, and by which preset it is judged. */
interface Needs {
  readonly asked: AskedModels
  readonly providers: NamedProviders
  readonly preset: GateConfig['preset']
  /** Where the base of the change is looked up; absent: what it needed there is not known. */
  readonly ground?: GroundAtBase
}

interface Here {
  readonly io: Pick<Io, 'env'>
  readonly options: Pick<
    RunOptions,
    'candidate' | 'cassette' | 'config' | 'dryRun' | 'gate' | 'strict'
  >
}

/**
 * The keys that a run needs and that its CI host keeps from it, because the change comes from a fork. Such a
 * run is no mistake of its author's, who cannot set a key, and it is no pass: it ends as one that does
 * not decide. Where the base needed none of these keys, the change itself brought the need, and by that
 * could leave any gate undecided: that fails.
 *
 * @returns `undefined` wherever a missing key is a mistake, and where no key is needed
 */
export async function withheldKeys(
  { asked, ground, preset, providers }: Needs,
  { io, options }: Here,
): Promise<WithheldKeys | undefined> {
  if (options.cassette === 'replay' || options.dryRun === true) return undefined
  const missing = missingFor({ asked, providers }, io.env)
  if (missing.length === 0) return undefined
  const from = await forkOrigin(io)
  if (from === undefined) return undefined
  const missingKeys = [...new Set(missing.map(({ key }) => key))].sort()
  const before = ground === undefined ? undefined : await askedAtBase(ground, options)
  const neededBefore = before === undefined ? [] : missingFor(before, io.env)
  const isOld = neededBefore.some(({ key }) => missingKeys.includes(key))
  return {
    from,
    missingKeys,
    models: [...new Set(missing.map(({ model }) => model))].sort(),
    exitCode: isOld || !options.gate ? codeOf(preset, options) : 3,
  }
}

export function skippedFork(provenance: Provenance, fork: WithheldKeys): SkippedRun {
  return { apiVersion: 'agent-eval/v1', kind: 'SkippedRun', provenance, why: 'fork', fork }
}

/**
 * Says that nothing was run, and why.
 *
 * @returns the exit code that this comes to
 */
export async function tellFork(
  skipped: SkippedRun,
  { chosen, ...shell }: Printing & { readonly chosen: readonly ChosenReporter[] },
): Promise<number> {
  await printSkipped(skipped, chosen, shell)
  return skipped.fork?.exitCode ?? 0
}

interface MissingKey {
  readonly model: string
  readonly key: string
}

function missingFor({ asked, providers }: AskedAtBase, env: Io['env']): readonly MissingKey[] {
  return [...asked.ofTask, ...asked.beside].flatMap((model) => {
    const key = missingKey(model, providers, env)
    return key === undefined ? [] : [{ model, key }]
  })
}

function missingKey(
  reference: string,
  providers: NamedProviders,
  env: Io['env'],
): string | undefined {
  const resolved = resolveModel(reference, providers)
  if (resolved.kind !== 'openai' && resolved.kind !== 'anthropic') return undefined
  const { key, keyEnv } = connectionSettings(resolved, env)
  return key === undefined ? keyEnv : undefined
}

/** Who asks for no verdict is not told that there is none. */
function codeOf(
  preset: GateConfig['preset'],
  { gate, strict }: Here['options'],
): WithheldKeys['exitCode'] {
  if (!gate) return 0
  return exitCodeOf('inconclusive', strict === true ? 'release' : preset) === 3 ? 3 : 0
}
