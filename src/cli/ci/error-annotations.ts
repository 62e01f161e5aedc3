import { AgentEvalError } from '../../errors.ts'
import type { Annotation } from '../../report/github/workflow-command.ts'
import { repositoryPath } from '../../report/repository-path.ts'
import type { Problem } from '../../suites/problem.ts'

/**
 * What ended a command, for the page of a CI job: each problem of a file at its line, everything else as
 * one error.
 *
 * @param folder - where the command ran in its repository: empty for the root, else ends in `/`
 */
export function errorAnnotations(error: unknown, folder: string): readonly Annotation[] {
  const problems = error instanceof AgentEvalError ? problemsIn(error.cause) : []
  if (problems.length > 0) return problems.map((problem) => ofProblem(problem, folder))
  if (!(error instanceof AgentEvalError)) return [ofBug(error)]
  const { hint, message, source } = error
  const place = source === undefined ? undefined : placeOf(source, folder)
  return [
    {
      level: 'error',
      title: error.code === 'evidence' ? 'evidence is missing' : 'nothing was run',
      // Where it is no file of the repository, the message has to say where.
      message: [place === undefined ? named(message, source?.file) : message, hint ?? ''].join(
        '\n',
      ),
      place,
    },
  ]
}

function problemsIn(cause: unknown): readonly Problem[] {
  return Array.isArray(cause) ? cause.filter(isProblem) : []
}

function isProblem(value: unknown): value is Problem {
  const isObject = typeof value === 'object' && value !== null
  return isObject && 'file' in value && 'message' in value && 'path' in value
}

function ofProblem(problem: Problem, folder: string): Annotation {
  const { hint, message, path } = problem
  const place = placeOf(problem, folder)
  const subject = path === '' ? message : `${path}: ${message}`
  return {
    level: 'error',
    title: 'nothing was run',
    message: [place === undefined ? named(subject, problem.file) : subject, hint ?? ''].join('\n'),
    place,
  }
}

function ofBug(error: unknown): Annotation {
  const message = error instanceof Error ? error.message : String(error)
  return { level: 'error', title: 'this is a bug in agent-eval; nothing was decided', message }
}

function placeOf(
  { column, file, line }: NonNullable<AgentEvalError['source']>,
  folder: string,
): Annotation['place'] {
  const inRepository = repositoryPath(file, folder)
  return inRepository === undefined ? undefined : { file: inRepository, line, column }
}

function named(message: string, file: string | undefined): string {
  return file === undefined ? message : `${file}: ${message}`
}
