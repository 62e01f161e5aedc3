import { describe, expect, it } from 'vitest'
import { AgentEvalError } from '../../src/errors.ts'
import { checkModel } from '../../src/providers/check-model.ts'
import { openService } from '../../src/providers/open-service.ts'
import { behindOf, type NamedProviders, resolveModel } from '../../src/providers/registry.ts'
import { projectConfig } from '../../src/schema/project.ts'
import { anOutside } from './an-outside.ts'

function errorOf(act: () => unknown): AgentEvalError | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof AgentEvalError) return error
    throw error
  }
  return undefined
}

/** Providers as a project's file names them. */
function providers(named: Readonly<Record<string, object>>): NamedProviders {
  const { providers: parsed } = projectConfig.parse({
    apiVersion: 'agent-eval/v1',
    evalsets: ['a'],
    providers: named,
  })
  return parsed
}

const ollama = providers({
  ollama: { kind: 'openai', base_url: 'http://localhost:11434/v1', api_key_env: 'none' },
})

describe('resolveModel', () => {
  it('takes a reference apart at its first colon', () => {
    expect(resolveModel('reference:?skip=a:b')).toMatchObject({
      reference: 'reference:?skip=a:b',
      name: 'reference',
      kind: 'reference',
      model: '?skip=a:b',
      behind: 'reference',
      family: 'reference',
    })
    expect(resolveModel('reference:').model).toBe('')
    expect(resolveModel('openai:ft:gpt-4o:acme')).toMatchObject({
      kind: 'openai',
      model: 'ft:gpt-4o:acme',
      behind: 'model',
      family: 'openai',
      settings: { max_retries: 5 },
    })
    expect(resolveModel('module:./model.ts#answer')).toMatchObject({
      kind: 'module',
      behind: 'model',
      family: 'module:./model.ts#answer',
    })
  })

  it('knows the providers that a project names', () => {
    expect(resolveModel('ollama:llama3', ollama)).toMatchObject({
      name: 'ollama',
      kind: 'openai',
      model: 'llama3',
      family: 'llama',
      settings: { base_url: 'http://localhost:11434/v1' },
    })
  })

  it('suggests what was meant', () => {
    const hintOf = (reference: string, named?: NamedProviders): string | undefined =>
      errorOf(() => resolveModel(reference, named))?.hint
    expect(errorOf(() => resolveModel('refrence:x'))).toMatchObject({
      code: 'usage',
      hint: 'did you mean "reference:"?',
    })
    expect(hintOf('reference')).toBe('did you mean "reference:"?')
    expect(hintOf('antropic:x')).toBe('did you mean "anthropic:"?')
    expect(hintOf('olama:x', ollama)).toBe('did you mean "ollama:"?')
    expect(hintOf('watson:x', ollama)).toBe(
      'known: openai, anthropic, module, reference, stored, ollama; others can be named under providers in agent-eval.yaml',
    )
    expect(errorOf(() => resolveModel('gpt-4o'))?.message).toContain('"gpt-4o"')
    expect(errorOf(() => resolveModel(''))).toBeDefined()
    expect(errorOf(() => resolveModel('constructor:x', ollama))).toBeDefined()
  })

  it.each(['openai:', 'anthropic: ', 'stored:', 'module:', 'module:./a.ts#', 'reference:?mut=1'])(
    'refuses %s',
    (reference) => {
      expect(errorOf(() => resolveModel(reference))?.exitCode).toBe(2)
    },
  )

  it.each([
    ['acme', { base_url: 'http://a.example/v1' }, 'providers.acme has no kind'],
    ['openai', { kind: 'anthropic' }, 'providers.openai contradicts what "openai:" means here'],
    ['reference', { kind: 'openai' }, 'providers.reference contradicts'],
    ['module', { base_url: 'http://a.example' }, 'providers.module contradicts'],
  ])('refuses a provider %s of %j', (name, settings, message) => {
    const named = providers({ [name]: settings })
    expect(errorOf(() => resolveModel(`${name}:x`, named))?.message).toContain(message)
  })
})

describe('behindOf', () => {
  it('needs no settings', () => {
    expect(behindOf('reference:')).toBe('reference')
    expect(behindOf('ollama:llama3')).toBe('model')
  })
})

describe('checkModel', () => {
  const check = (
    reference: string,
    env: Readonly<Record<string, string>>,
    named: NamedProviders = {},
  ): AgentEvalError | undefined =>
    errorOf(() => {
      checkModel(resolveModel(reference, named), env)
    })

  it('asks for a key by the name of its variable', () => {
    const error = check('openai:gpt-4o', { OPENAI_API_KEY: ' ' })
    expect(error?.exitCode).toBe(2)
    expect(error?.message).toBe('no key for "openai:gpt-4o": OPENAI_API_KEY is not set')
    expect(error?.hint).toBe(
      'export OPENAI_API_KEY=…, or name the variable that holds the key as ' +
        'providers.openai.api_key_env in agent-eval.yaml (none: the service needs no key)',
    )
    expect(check('anthropic:claude-opus-5', {})?.message).toContain('ANTHROPIC_API_KEY is not set')
    expect(check('openai:gpt-4o', { OPENAI_API_KEY: 'k' })).toBeUndefined()
    expect(check('ollama:llama3', {}, ollama)).toBeUndefined()
    expect(check('reference:', {})).toBeUndefined()
    expect(check('module:./a.ts', {})).toBeUndefined()
    const named = providers({ openai: { api_key_env: 'MY_KEY' } })
    expect(check('openai:gpt-4o', { OPENAI_API_KEY: 'k' }, named)?.message).toContain('MY_KEY')
    expect(check('openai:gpt-4o', { MY_KEY: 'k' }, named)).toBeUndefined()
  })

  it('sends no key of OpenAI or Anthropic to a stranger that names none', () => {
    const named = providers({
      acme: { kind: 'openai', base_url: 'https://acme.example/v1' },
      eu: { kind: 'openai', base_url: 'https://eu.api.openai.com/v1' },
    })
    const env = { OPENAI_API_KEY: 'k' }
    expect(check('acme:x', env, named)?.message).toBe('providers.acme names no key')
    expect(check('eu:gpt-4o', env, named)).toBeUndefined()
  })

  it.each(['ftp://a.example', 'http://user:pass@a.example/v1'])(
    'refuses %s as an address, and does not repeat it',
    (base_url) => {
      const error = check(
        'a:x',
        {},
        providers({ a: { kind: 'openai', base_url, api_key_env: 'none' } }),
      )
      expect(error?.message).toBe('the base URL of "a:" cannot be used')
    },
  )

  it('lets stored votes only judge', () => {
    expect(check('stored:gpt-4', {})).toMatchObject({
      code: 'usage',
      message: '"stored:gpt-4" holds the stored votes of a judge',
    })
  })
})

describe('openService', () => {
  it('opens nothing for what is no service', () => {
    const open = (reference: string): unknown =>
      openService(resolveModel(reference), { outside: anOutside(), root: '/none' })
    expect(errorOf(() => open('reference:'))?.code).toBe('usage')
    expect(errorOf(() => open('stored:x'))?.code).toBe('usage')
  })
})
