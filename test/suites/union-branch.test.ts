import { expect, it } from 'vitest'
import { target } from '../../src/schema/candidate.ts'
import { projectConfig } from '../../src/schema/project.ts'
import { checkSchema } from '../../src/suites/schema-findings.ts'

function messages(schema: Parameters<typeof checkSchema>[0], value: unknown): readonly string[] {
  const checked = checkSchema(schema, value)
  return checked.ok ? [] : checked.findings.map(({ message }) => message)
}

it.each([
  [{ comand: ['node', 'agent.js'] }, 'command'],
  [{ modul: './agent.ts' }, 'module'],
  [{ htpp: 'http://127.0.0.1:$PORT' }, 'http'],
  [{ comand: ['node'], files: ['agent.js'], protocol: 'text' }, 'command'],
])('takes the branch whose key was misspelt: %j', (value, meant) => {
  expect(messages(target, value).join('\n')).toContain(`did you mean "${meant}"?`)
})

it('says what a name of a service looks like', () => {
  const config = { apiVersion: 'agent-eval/v1', evalsets: ['set'], providers: { My_Gw: {} } }
  const [message, ...more] = messages(projectConfig, config)
  expect(message).toBe(
    '"My_Gw" is not allowed; a name of a service begins with a lower-case letter, then lower-case letters, digits and dashes, for example my-gateway',
  )
  expect(more).toEqual([])
})
