import { describe, expect, it } from 'vitest'
import { configReporters } from '../../src/report/effective-config.ts'
import { type EffectiveConfig, effectiveConfig } from '../../src/schema/effective-config.ts'

function aConfig(hostile = 'plain'): EffectiveConfig {
  return effectiveConfig.parse({
    apiVersion: 'agent-eval/v1',
    kind: 'EffectiveConfig',
    tool: '0.1.0',
    evalSets: [
      {
        id: 'small',
        folder: hostile,
        base: hostile,
        candidate: { name: hostile, hash: hostile },
        sections: [
          {
            name: 'run',
            values: [
              { key: 'seed', value: 1, source: { from: 'default' } },
              { key: 'trials', value: 5, source: { from: 'flag', flag: '--trials' } },
              { key: 'split', value: ['gate', hostile], source: { from: 'derived', why: hostile } },
            ],
          },
          { name: 'project', values: [] },
          {
            name: 'gate',
            values: [
              {
                key: hostile,
                value: { [hostile]: hostile },
                source: { from: 'file', file: hostile, line: 3 },
                note: hostile,
              },
              { key: 'margins.tsr', value: 0.05, source: { from: 'base', base: 'merge base' } },
            ],
          },
          {
            name: 'services',
            values: [
              {
                key: 'openai.base_url',
                value: 'http://127.0.0.1/v1',
                source: { from: 'environment', variable: 'OPENAI_BASE_URL' },
              },
            ],
          },
        ],
        changes: [{ what: 'gate.margins.tsr', base: '0.05', here: hostile, holds: 'base' }],
      },
    ],
  })
}

function render(format: string, config: EffectiveConfig, colour = false): string {
  return configReporters.get(format)?.render(config, { colour }) ?? ''
}

describe('the values of a run in a terminal', () => {
  it('have their source behind them, and empty sections are left out', () => {
    expect(render('terminal', aConfig())).toMatchInlineSnapshot(`
      "small plain
        a change of plain: until it is merged, of each rule the stricter side holds
          gate.margins.tsr: 0.05 at the base, plain here; the base holds
      run:
        seed: 1  # default
        trials: 5  # --trials
        split: ["gate", "plain"]  # plain
      gate:
        plain: { plain: "plain" }  # plain:3; plain
        margins.tsr: 0.05  # merge base
      services:
        openai.base_url: "http://127.0.0.1/v1"  # OPENAI_BASE_URL
      "
    `)
  })

  it('let nothing through that a terminal obeys', () => {
    const text = render('terminal', aConfig('x\u001b]0;pwned\u0007\r\n::error::y\u202e'))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/)
    expect(text.split('\n').filter((line) => line.trim().startsWith('::'))).toEqual([])
  })

  it('are cut where a value is pages long, and only there', () => {
    const config = aConfig('word '.repeat(500).trim())
    expect(render('terminal', config).length).toBeLessThan(30_000)
    expect(JSON.parse(render('json', config))).toEqual(config)
  })

  it('say by words what colours say', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    const plain = render('terminal', aConfig(), true).replaceAll(/\u001b\[\d+m/g, '')
    expect(plain).toBe(render('terminal', aConfig()))
  })
})
