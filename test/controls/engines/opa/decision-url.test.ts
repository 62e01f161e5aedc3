import { describe, expect, it } from 'vitest'
import { decisionUrl } from '../../../../src/controls/engines/opa/decision-url.ts'

describe('decisionUrl', () => {
  it.each([
    ['http://localhost:8181', 'http://localhost:8181/v1/data/a/b'],
    ['http://localhost:8181/', 'http://localhost:8181/v1/data/a/b'],
    ['https://opa.example/policies//', 'https://opa.example/policies/v1/data/a/b'],
    ['http://[::1]:8181', 'http://[::1]:8181/v1/data/a/b'],
    ['unix:/run/opa.sock', 'http://unix:/run/opa.sock:/v1/data/a/b'],
    ['unix:///run/opa.sock', 'http://unix:/run/opa.sock:/v1/data/a/b'],
    ['unix:/run/o p:a?#%.sock', 'http://unix:/run/o%20p%3Aa%3F%23%25.sock:/v1/data/a/b'],
  ])('%s', (address, url) => {
    expect(decisionUrl(address, 'a/b')).toEqual({ ok: true, url })
  })

  it.each([
    ['localhost:8181', 'it is no address of a server'],
    ['opa', 'it is no address of a server'],
    ['file:///etc/passwd', 'it is no address of a server'],
    ['http://', 'it is no address of a server'],
    ['http://me:secret@opa.example', 'it has a user or a password in it'],
    ['http://me@opa.example', 'it has a user or a password in it'],
    ['http://opa.example/?pretty', 'it has more than a host and a path'],
    ['http://opa.example/#x', 'it has more than a host and a path'],
    ['http://opa.example/v1/data/a/b', 'it has a path of the API in it'],
    ['http://opa.example/v1', 'it has a path of the API in it'],
    ['unix:opa.sock', 'it is no absolute path of a socket'],
    ['unix:', 'it is no absolute path of a socket'],
    ['unix:/', 'it is no absolute path of a socket'],
    ['unix://opa.sock', 'it is no absolute path of a socket'],
    ['unix:/a\0b', 'it is no absolute path of a socket'],
  ])('%j: %s', (address, error) => {
    const made = decisionUrl(address, 'a/b')
    expect(made).toMatchObject({ ok: false, error })
    expect(JSON.stringify(made)).not.toContain('secret')
  })
})
