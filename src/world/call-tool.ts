import { holds } from '../expr/expression.ts'
import { failure, type Result, success } from '../expr/result.ts'
import { type ExprMap, fromExprValue } from '../expr/value.ts'
import type { JsonValue } from '../schema/json.ts'
import type { StateChange } from '../schema/trace.ts'
import { applyEdit, type Edit } from './apply-changes.ts'
import { type ModuleTool, runModule } from './module-tool.ts'
import { renderPath } from './path-template.ts'
import type { PreparedChange, PreparedTool } from './prepare-tool.ts'
import { renderTemplate } from './template.ts'
import { type ToolError, worldError } from './tool-error.ts'

/** What a call sees; a type and no interface, so that it can stand for the variables it is. */
export type CallScene = {
  readonly args: ExprMap
  readonly state: ExprMap
  /** RFC 3339, by the virtual clock. */
  readonly now: string
}

/** What a call did: all of it, or an error and nothing. */
export type CallOutcome = CallEffect | { readonly error: ToolError }

interface CallEffect {
  readonly state: ExprMap
  readonly value: JsonValue
  readonly changes: readonly StateChange[]
}

interface Changed {
  readonly state: ExprMap
  readonly changes: readonly StateChange[]
}

/**
 * Runs a tool: guards in order, then its changes in order, then its result from the new state.
 *
 * Each change sees the changes before it. The state that is passed in is never touched, so
 * whatever fails on the way leaves the world as it was.
 */
export function callTool(tool: PreparedTool, scene: CallScene): CallOutcome {
  const refused = firstFailedGuard(tool, scene)
  if (refused !== undefined) return { error: refused }
  const outcome =
    tool.module === undefined ? runDeclared(tool, scene) : runCode(tool, tool.module, scene)
  if (!outcome.ok) return { error: worldError(tool.name, outcome.error) }
  if ('error' in outcome.value) return outcome.value

  const unfit = tool.output?.(outcome.value.value) ?? []
  if (unfit.length === 0) return outcome.value
  return { error: worldError(tool.name, `its result does not fit: ${unfit.join('; ')}`) }
}

function firstFailedGuard(tool: PreparedTool, scene: CallScene): ToolError | undefined {
  for (const { require, error, message } of tool.guards) {
    const said = holds(require, scene)
    if (said.error !== undefined) {
      return worldError(tool.name, `${said.error} in ${require.text}`)
    }
    if (!said.holds) return { code: error, message }
  }
  return undefined
}

function runDeclared(tool: PreparedTool, scene: CallScene): Result<CallEffect> {
  const changed = applyInOrder(tool.changes, scene, renderChange)
  if (!changed.ok) return changed
  const seen = { ...scene, state: changed.value.state, before: scene.state }
  const returned = renderTemplate(tool.returns, seen)
  if (!returned.ok) return returned
  return success({ ...changed.value, value: fromExprValue(returned.value) })
}

function runCode(tool: PreparedTool, module: ModuleTool, scene: CallScene): Result<CallOutcome> {
  const answer = runModule(module, scene)
  if (!answer.ok) return answer
  if ('error' in answer.value) return success(answer.value)
  const { result, edits } = answer.value
  if (tool.effect === 'read' && edits.length > 0) return failure('a read tool changes nothing')
  const changed = applyInOrder(edits, scene, success)
  return changed.ok ? success({ ...changed.value, value: result }) : changed
}

function applyInOrder<T>(
  changes: readonly T[],
  scene: CallScene,
  render: (change: T, scene: CallScene) => Result<Edit>,
): Result<Changed> {
  let { state } = scene
  const made: StateChange[] = []
  for (const change of changes) {
    const edit = render(change, { ...scene, state })
    const edited = edit.ok ? applyEdit(state, edit.value) : edit
    if (!edited.ok) return edited
    state = edited.value.state
    made.push(edited.value.change)
  }
  return success({ state, changes: made })
}

function renderChange(change: PreparedChange, scene: CallScene): Result<Edit> {
  const path = renderPath(change.path, scene)
  if (!path.ok) return path
  if (change.op === 'remove') return success({ op: change.op, path: path.value })
  const value = renderTemplate(change.value, scene)
  return value.ok ? success({ op: change.op, path: path.value, value: value.value }) : value
}
