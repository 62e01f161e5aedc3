import type { Command } from 'commander'
import type { CompareOptions } from '../actions/compare.ts'
import type { Io } from '../io.ts'
import { addOutputOptions } from '../options.ts'

export function addCompareCommand(program: Command, io: Io): void {
  const command = program
    .command('compare')
    .description('Decide again from finished runs, result files or baselines. No model calls.')
    .argument('<runs...>', 'BASE CANDIDATE, or CANDIDATE alone with --baseline')
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--baseline <source>', 'file, run folder, git:REF, git:merge-base:REF')
    .option('--strict', 'inconclusive exits 3, as in the release preset')
  addOutputOptions(command).action(async (runs: string[], options: CompareOptions) => {
    const { compareAction } = await import('../actions/compare.ts')
    await compareAction(runs, options, io)
  })
}
