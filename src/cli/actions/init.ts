import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { type NewFile, stubSet } from '../../authoring/stub-set.ts'
import { AgentEvalError } from '../../errors.ts'
import { id } from '../../schema/names.ts'
import { terminalLine } from '../../text/sanitise-terminal.ts'
import { foreignTools } from '../candidate/foreign-tools.ts'
import type { CiHost } from '../init/ci-files.ts'
import { projectFiles } from '../init/project-files.ts'
import { starterSet } from '../init/starter-set.ts'
import type { Io } from '../io.ts'
import { isThere } from '../outside/node-folder.ts'
import { writeText } from '../print/write-text.ts'

export interface InitOptions {
  readonly tools?: string
  readonly name?: string
  readonly ci: CiHost
}

/**
 * Writes a project that runs as it stands. Nothing that exists is touched: either all files are
 * new, or none is written.
 */
export async function initAction(named: string, options: InitOptions, io: Io): Promise<void> {
  const folder = path.resolve(io.cwd, named)
  const name = nameOf(options)
  const set =
    options.tools === undefined
      ? await starterSet(name)
      : stubSet(name, await foreignTools(options.tools, io))
  const files = [...projectFiles(name, options.tools === undefined, options.ci), ...set]
  await refuseExisting(folder, files)
  for (const { file, text } of files) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true })
    await writeFile(path.join(folder, file), text)
    io.stderr.write(`${terminalLine(`wrote ${path.join(named, file)}`)}\n`)
  }
  await ignoreResults(folder, io)
  writeText(io, `\n${nextSteps(name, named, options).join('\n')}\n`)
}

function nameOf(options: InitOptions): string {
  const name = options.name ?? (options.tools === undefined ? 'starter' : 'my-agent')
  if (id.safeParse(name).success) return name
  throw new AgentEvalError(`--name: "${name}" cannot be an id`, 'usage', {
    hint: 'use lower-case letters, digits, dots, dashes and underscores',
  })
}

async function refuseExisting(folder: string, files: readonly NewFile[]): Promise<void> {
  for (const { file } of files) {
    if (!(await isThere(path.join(folder, file)))) continue
    throw new AgentEvalError(`${file} is there already, and init overwrites nothing`, 'usage', {
      hint: 'give another folder: npx agent-eval init FOLDER',
    })
  }
}

/** Runs are no source; a `.gitignore` that exists is its owner's. */
async function ignoreResults(folder: string, io: Io): Promise<void> {
  const file = path.join(folder, '.gitignore')
  if (await isThere(file)) {
    io.stderr.write('add this line to .gitignore: agent-eval-results/\n')
  } else await writeFile(file, 'agent-eval-results/\n')
}

function nextSteps(name: string, folder: string, { tools }: InitOptions): readonly string[] {
  const into = folder === '.' ? [] : [`  cd ${folder}`]
  if (tools === undefined) {
    return [
      'Next:',
      ...into,
      '  npx agent-eval lint                 can each case fail?',
      '  npx agent-eval run -n 63 --no-gate  no key needed: the reference provider plays the cases',
      '  npx agent-eval baseline update      from now on, runs are compared with this one',
      '  npx agent-eval run                  a third of the trials, compared with them',
      '  npx agent-eval doctor               would it work in CI, with your keys and models?',
    ]
  }
  return [
    'Next:',
    `  look through evalsets/${name}/world.yaml: which tools write, and how much is at stake?`,
    `  write what should happen into evalsets/${name}/cases/outcome/first.yaml`,
    ...into,
    '  npx agent-eval lint',
  ]
}
