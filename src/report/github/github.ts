import type { Reporter } from '../reporter.ts'
import { annotationsOf } from './annotations.ts'
import { workflowCommand } from './workflow-command.ts'

/**
 * The lines that GitHub's runner turns into annotations. Under GitHub Actions the command line tells
 * the runner by itself, and a summary and outputs beside them.
 */
export const github: Reporter = {
  id: 'github',
  describes: 'annotations for GitHub Actions; there also a job summary and outputs',
  render: (input) => `${annotationsOf([input]).map(workflowCommand).join('\n')}\n`,
}
