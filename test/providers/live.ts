import { onTestFinished } from 'vitest'
import type { LiveService } from '../../src/providers/live-service.ts'
import { openService } from '../../src/providers/open-service.ts'
import { resolveModel } from '../../src/providers/registry.ts'
import { providerSettings } from '../../src/schema/project.ts'
import {
  type FakeServer,
  type FakeServerOptions,
  startFakeServer,
} from '../fake-servers/start-fake-server.ts'
import { anOutside } from './an-outside.ts'

/** A key that must turn up nowhere. */
export const aKey = 'sk-marked-0123456789abcdefghijklmnop'

/** A service of ours, over HTTP, against a fake server that ends with the test. */
export async function aLiveService(
  options: FakeServerOptions,
  settings: { readonly headers?: Readonly<Record<string, string>>; timeout_seconds?: number } = {},
): Promise<{ readonly service: LiveService; readonly server: FakeServer }> {
  const server = await startFakeServer({ key: aKey, ...options })
  onTestFinished(server.close)
  const { kind } = options
  const named = { [kind]: providerSettings.parse({ base_url: server.baseUrl, ...settings }) }
  const env = { OPENAI_API_KEY: aKey, ANTHROPIC_API_KEY: aKey }
  const resolved = resolveModel(`${kind}:a-model`, named)
  return { server, service: openService(resolved, { outside: anOutside({ env }), root: '/none' }) }
}

export const never = new AbortController().signal
