import { type Command, Option } from 'commander'
import type { InitOptions } from '../actions/init.ts'
import { ciHosts } from '../init/ci-files.ts'
import type { Io } from '../io.ts'

const examples = `
Examples:
  agent-eval init                                   runs without a key
  agent-eval init --ci gitlab                       .gitlab-ci.yml for GitLab
  agent-eval init --tools openapi.yaml              stubs from an OpenAPI file
  agent-eval init --tools "mcp:npx -y your-server"  stubs of an MCP server
`

export function addInitCommand(program: Command, io: Io): void {
  program
    .command('init')
    .description('Start a project: agent-eval.yaml, a small linted eval set, a CI workflow.')
    .argument('[folder]', 'where (default: here)')
    .option('--tools <source>', 'an OpenAPI 3 file, or mcp:COMMAND, whose tools become stubs')
    .option(
      '--name <id>',
      'what the eval set is called (default: starter, or my-agent with --tools)',
    )
    .addOption(
      new Option('--ci <host>', 'whose CI runs the gate').choices(ciHosts).default('github'),
    )
    .addHelpText('before', examples)
    .action(async (folder: string | undefined, options: InitOptions) => {
      const { initAction } = await import('../actions/init.ts')
      await initAction(folder ?? '.', options, io)
    })
}
