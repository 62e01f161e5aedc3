import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { shellWord } from '../../../text/shell-word.ts'
import { isInRepository } from '../../git/git.ts'
import { usualOutput } from '../../run-folder/run-folder.ts'
import type { Check, Finding } from '../check.ts'

const run = promisify(execFile)

/** Whether runs are found again by artifact uploads, and are not committed by accident. */
export const resultsCheck: Check = {
  id: 'results',
  run: async ({ io, project }) => {
    const named = project.ok ? project.value.config.output : usualOutput
    const hidden = hiddenPart(named)
    if (hidden !== undefined) {
      const message = `${named} begins with a dot: uploads of artifacts skip hidden folders`
      return [{ status: 'warn', message, fix: `output: ${usualOutput}  (in agent-eval.yaml)` }]
    }
    const folder = path.resolve(io.cwd, named)
    if (!(await isInRepository(io.cwd))) return []
    if (await isIgnored(io.cwd, folder)) {
      return [{ status: 'ok', message: `git ignores ${named}, and it is not hidden` }]
    }
    return [notIgnored(named)]
  },
}

function notIgnored(named: string): Finding {
  const line = `${named.replace(/\/+$/, '')}/`
  const message = `git does not ignore ${named}: transcripts may be committed by accident`
  return { status: 'warn', message, fix: `printf '\\n%s\\n' ${shellWord(line)} >> .gitignore` }
}

function hiddenPart(named: string): string | undefined {
  return named.split(/[\\/]/).find((part) => part.startsWith('.') && part !== '.' && part !== '..')
}

/**
 * Whether git would ignore a file in the folder; it knows no folders, and what lies outside of the
 * repository it never sees. This command of git takes no literal paths, so it is called by itself; an
 * absolute path is one anyway.
 */
async function isIgnored(cwd: string, folder: string): Promise<boolean> {
  try {
    await run('git', ['check-ignore', '--quiet', '--', path.join(folder, 'run.json')], { cwd })
    return true
  } catch (error) {
    const isUnignored = error instanceof Error && 'code' in error && error.code === 1
    return !isUnignored
  }
}
