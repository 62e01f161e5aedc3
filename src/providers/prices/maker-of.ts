import type { ServiceAddress } from './price-list.ts'

/** Whose published prices hold. */
export type Maker = 'openai' | 'anthropic'

interface MakersService {
  readonly baseUrl: string
  /** The variable that sends requests elsewhere, as for the maker's own SDK. */
  readonly baseUrlEnv: string
}

const services: Readonly<Record<Maker, MakersService>> = {
  openai: { baseUrl: 'https://api.openai.com/v1', baseUrlEnv: 'OPENAI_BASE_URL' },
  anthropic: { baseUrl: 'https://api.anthropic.com', baseUrlEnv: 'ANTHROPIC_BASE_URL' },
}

/** Where a provider's requests go, and what the environment says of that. */
interface Whereabouts {
  /** As the project names it; absent for `openai` and `anthropic` as they are. */
  readonly settings?: ServiceAddress | undefined
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Whose prices a provider's answers have: the maker's, where the maker's own service is asked.
 *
 * A compatible service behind an address of its own (a local model, a gateway) has no price here, even
 * if it calls its model `gpt-4o`: what it charges only its owner knows.
 */
export function makerOf(
  provider: string,
  { env, settings: { base_url, kind = kindByName(provider) } = {} }: Whereabouts,
): Maker | undefined {
  if (kind === undefined) return undefined
  const { baseUrl, baseUrlEnv } = services[kind]
  const address = base_url ?? (provider === kind ? filled(env[baseUrlEnv]) : undefined) ?? baseUrl
  return address.replace(/\/+$/, '') === baseUrl ? kind : undefined
}

function filled(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function kindByName(provider: string): Maker | undefined {
  return provider === 'openai' || provider === 'anthropic' ? provider : undefined
}
