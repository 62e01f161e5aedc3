import packageJson from '../../package.json' with { type: 'json' }

/** This tool's version, as every document that it writes carries it. */
export const version = packageJson.version
