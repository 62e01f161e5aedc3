import { expect, it } from 'vitest'
import { servicesAtBase } from '../../../src/cli/at-base/services-at-base.ts'
import { providerSettings } from '../../../src/schema/project.ts'
import { aLoadedSet } from '../loaded-set.ts'

const ours = providerSettings.parse({ kind: 'openai', base_url: 'https://ours.example/v1' })
const theirs = providerSettings.parse({ kind: 'openai', base_url: 'https://theirs.example/v1' })

it('leaves the service of the simulated user where the base has it', () => {
  const set = aLoadedSet('gateway:user')
  const { changes, providers } = servicesAtBase(
    set,
    { gateway: theirs, own: theirs },
    { gateway: ours },
  )
  expect(providers).toEqual({ own: theirs, gateway: ours })
  expect(changes).toMatchObject([
    { what: 'service "gateway" of the judge or the simulated user', holds: 'base' },
  ])
})

it('takes away one that the base does not have', () => {
  const { changes, providers } = servicesAtBase(aLoadedSet('openai:user'), { openai: theirs }, {})
  expect(providers).toEqual({})
  expect(changes).toHaveLength(1)
})

it('lets the services of the candidate be', () => {
  const { changes, providers } = servicesAtBase(
    aLoadedSet('reference:'),
    { openai: theirs },
    { openai: ours },
  )
  expect(providers).toEqual({ openai: theirs })
  expect(changes).toEqual([])
})
