import type { Io } from '../io.ts'
import type { RunOptions } from '../run-options.ts'
import { runAction } from './run.ts'

export async function printConfigAction(
  named: readonly string[],
  options: RunOptions,
  io: Io,
): Promise<void> {
  await runAction(named, options, io)
}
