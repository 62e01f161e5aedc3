import { checkModel } from '../../../providers/check-model.ts'
import { connectionSettings } from '../../../providers/connection-settings.ts'
import { listed } from '../../../report/format.ts'
import { commandPrefix } from '../../print/report-context.ts'
import { type AskedService, askedModels, modelWords, servicesOf } from '../asked-models.ts'
import { type Check, type Finding, failuresOf } from '../check.ts'
import { isForkWithoutSecrets } from '../ci-host.ts'
import { type DoctorContext, usableSets } from '../context.ts'

/** Models listed in one message at most. */
const mostModels = 4

/** Whether each service that is asked has its key. Names only; no key is shown, and none is tried. */
export const keysCheck: Check = {
  id: 'keys',
  run: async (context) => {
    const { project } = context
    if (!project.ok) return []
    const sets = usableSets(context)
    if (sets.length === 0) return []
    const services = servicesOf(askedModels(sets), project.value.config.providers)
    if (services.length === 0) {
      return [{ status: 'ok', message: 'no live model is asked, so no key is needed' }]
    }
    const isFork = await isForkWithoutSecrets(context.io.env)
    return services.flatMap((service) => findingsOf(service, context.io.env, isFork))
  },
}

function findingsOf(
  { models, name }: AskedService,
  env: DoctorContext['io']['env'],
  isFork: boolean,
): readonly Finding[] {
  const [first] = models
  if (first === undefined) return []
  const { kind } = first.resolved
  const asked = listed(models.map(modelWords), mostModels)
  if (kind !== 'openai' && kind !== 'anthropic') {
    return [{ status: 'ok', about: name, message: `${asked} is code of this project: no key` }]
  }
  const { key, keyEnv } = connectionSettings(first.resolved, env)
  if (keyEnv !== undefined && key === undefined) return [noKey({ name, keyEnv, asked, isFork })]
  try {
    checkModel(first.resolved, env)
  } catch (error) {
    return failuresOf(error, name)
  }
  const from = keyEnv === undefined ? 'it needs no key' : `its key is in ${keyEnv}`
  return [{ status: 'ok', about: name, message: `${from}; asked for ${asked}` }]
}

interface Missing {
  readonly name: string
  readonly keyEnv: string
  readonly asked: string
  readonly isFork: boolean
}

/** GitHub gives a fork no secret, and no line in the workflow changes that. */
function noKey({ asked, isFork, keyEnv, name }: Missing): Finding {
  const message = `${keyEnv} is not set; needed for ${asked}`
  if (!isFork) return { status: 'fail', about: name, message, fix: `export ${keyEnv}=...` }
  const why = `${message}; a pull request from a fork is given no secrets`
  return {
    status: 'fail',
    about: name,
    message: why,
    fix: `${commandPrefix} run --cassette replay`,
  }
}
