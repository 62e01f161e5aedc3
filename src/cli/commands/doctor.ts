import type { Command } from 'commander'
import type { DoctorOptions } from '../actions/doctor.ts'
import type { Io } from '../io.ts'
import { addOutputOptions } from '../options.ts'

const examples = `
Examples:
  agent-eval doctor          changes nothing, sends nothing
  agent-eval doctor --probe  and one small request to each model service
  agent-eval doctor --json   for programs
`

export function addDoctorCommand(program: Command, io: Io): void {
  const command = program
    .command('doctor')
    .description('Would a run work here, and as you think? Prints what to mend; changes nothing.')
    .addHelpText('before', examples)
    .option('-c, --config <file>', 'project file (default: agent-eval.yaml)')
    .option('--probe', 'send one minimal request to each model service; this costs a little')
  addOutputOptions(command, 'terminal, json').action(async (options: DoctorOptions) => {
    const { doctorAction } = await import('../actions/doctor.ts')
    await doctorAction(options, io)
  })
}
