import { expect, it } from 'vitest'
import { servicesUsed } from '../../../src/cli/candidate/services-used.ts'
import type { TargetSettings } from '../../../src/schema/candidate.ts'
import { providerSettings } from '../../../src/schema/project.ts'

const none = { ofTask: [], beside: [] }
const gateway = providerSettings.parse({
  kind: 'openai',
  base_url: 'https://me:word@gw.example/v1',
})
const moved = providerSettings.parse({ base_url: 'http://127.0.0.1:9/v1' })

it('are those that a run may ask and that stand at an address of their own', () => {
  const asked = { ofTask: ['gateway:m', 'openai:m'], beside: ['anthropic:judge'] }
  expect(servicesUsed({}, asked, { gateway, anthropic: moved })).toEqual({
    gateway: 'https://gw.example/v1',
    anthropic: 'http://127.0.0.1:9/v1',
  })
})

it('are none that nobody asks', () => {
  expect(servicesUsed({}, none, { gateway, openai: moved })).toEqual({})
})

it("are those behind the doors of an agent of one's own, unless it is a module", () => {
  const command: TargetSettings = {
    command: ['./agent'],
    protocol: 'jsonl',
    timeout_seconds: 1,
  }
  const providers = { gateway, openai: moved }
  expect(servicesUsed({ target: command }, none, providers)).toEqual({
    openai: 'http://127.0.0.1:9/v1',
  })
  const module = { module: './agent.ts', timeout_seconds: 1 }
  expect(servicesUsed({ target: module }, none, providers)).toEqual({})
})
