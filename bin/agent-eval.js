#!/usr/bin/env node
// Node opens its inspector to whoever sends this signal, also to a program that we started: it could
// read our keys and set our exit code. A listener of our own takes the place of that.
process.on('SIGUSR1', () => {})

// Only now: what is imported above would be loaded first.
const { main } = await import('../dist/cli.mjs')
await main()
