/**
 * Stands in for the `opa` on PATH: `opa version` and `opa build -t wasm -e ENTRYPOINT -o OUTPUT FILES`.
 *
 * It compiles nothing. It looks at what it is given as OPA does, and writes a bundle as OPA does, with
 * the module that it was installed with.
 */
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { createTar } from 'nanotar'

const [wasmFile, logFile, ...argv] = process.argv.slice(2)
appendFileSync(logFile, `${JSON.stringify(argv)}\n`)

if (argv[0] === 'version') {
  process.stdout.write(readFileSync(`${logFile}.version`, 'utf8'))
} else if (argv[0] === 'build') build(argv.slice(1))
else fail(`error: unknown command "${argv[0]}" for "opa"`)

function build(args) {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      target: { type: 'string', short: 't' },
      entrypoint: { type: 'string', short: 'e' },
      output: { type: 'string', short: 'o' },
    },
  })
  const sources = positionals.map((file) => [file, readFileSync(file, 'utf8')])
  if (sources.some(([, text]) => text.includes('# hang'))) {
    setInterval(() => undefined, 1_000)
    return
  }
  const broken = sources.find(([, text]) => !/^package \w+$/m.test(text))
  if (broken !== undefined) {
    fail(
      `error: load error: 1 error occurred during loading: ${broken[0]}:1: rego_parse_error: package expected\n` +
        `\t${broken[1].split('\n')[0]}\n\t^`,
    )
    return
  }
  const [name] = values.entrypoint.split('/')
  if (!sources.some(([, text]) => text.includes(`package ${name}\n`))) {
    fail(
      `error: entrypoint "${values.entrypoint}" does not refer to a rule or policy decision`,
    )
    return
  }
  if (sources.some(([, text]) => text.includes('# writes nothing'))) return
  writeFileSync(values.output, bundle(values.entrypoint, sources))
}

function bundle(entrypoint, sources) {
  const manifest = {
    revision: '',
    roots: [''],
    wasm: [{ entrypoint, module: '/policy.wasm' }],
    rego_version: 1,
  }
  const members = [
    { name: '/data.json', data: '{}\n' },
    ...sources.map(([name, data]) => ({ name: `/${name}`, data })),
    { name: '/policy.wasm', data: new Uint8Array(readFileSync(wasmFile)) },
    { name: '/.manifest', data: `${JSON.stringify(manifest)}\n` },
  ]
  return gzipSync(createTar(members, { attrs: { mtime: 0 } }))
}

function fail(message) {
  process.stderr.write(`${message}\n`)
  process.exitCode = 1
}
