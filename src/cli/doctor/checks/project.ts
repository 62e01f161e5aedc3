import { plural } from '../../../report/format.ts'
import { commandPrefix } from '../../print/report-context.ts'
import { type Check, failuresOf } from '../check.ts'

/** Whether there is an `agent-eval.yaml`, and nothing wrong in it. */
export const projectCheck: Check = {
  id: 'project',
  run: ({ project }) => {
    if (!project.ok) return failuresOf(project.error)
    const { config, file, hasFile } = project.value
    if (!hasFile) {
      const message = `there is no ${file} here`
      return [{ status: 'fail', message, fix: `${commandPrefix} init` }]
    }
    return [
      { status: 'ok', message: `${file} names ${plural(config.evalsets.length, 'eval set')}` },
    ]
  },
}
