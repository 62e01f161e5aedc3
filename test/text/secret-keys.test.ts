import { describe, expect, it } from 'vitest'
import { secretKey } from '../../src/text/secret-keys.ts'

describe('secretKey', () => {
  it.each([
    ['password', 'password'],
    ['newPassword', 'password'],
    ['password2', 'password'],
    ['PGPASSWORD', 'password'],
    ['db_pass', 'password'],
    ['SMTP-Pwd', 'password'],
    ['passphrase', 'password'],
    ['api_key', 'api-key'],
    ['apikey', 'api-key'],
    ['API-KEY', 'api-key'],
    ['x-api-key', 'api-key'],
    ['OPENAI_API_KEY', 'api-key'],
    ['accessKey', 'api-key'],
    ['privateKey', 'private-key'],
    ['private_key_pem', 'private-key'],
    ['secret', 'secret'],
    ['client_secret', 'secret'],
    ['secret_key_base', 'secret'],
    ['Authorization', 'authorization'],
    ['proxy-authorization', 'authorization'],
    ['cookie', 'cookie'],
    ['Set-Cookie', 'cookie'],
    ['credentials', 'credential'],
    ['connectionString', 'connection-string'],
    ['session', 'session'],
    ['session_id', 'session'],
    ['JSESSIONID', 'session'],
    ['token', 'token'],
    ['access_token', 'token'],
    ['refreshTokens', 'token'],
    ['session_token', 'token'],
    ['_authToken', 'token'],
    ['x-csrf-token', 'token'],
  ])('%s is a %s', (name, kind) => {
    expect(secretKey(name)?.kind).toBe(kind)
  })

  it.each([
    ['max_tokens'],
    ['maxTokens'],
    ['total_tokens'],
    ['input_tokens'],
    ['output_tokens'],
    ['cached_input_tokens'],
    ['tokens'],
    ['token_count'],
    ['tokenizer'],
    ['tokens_per_minute'],
    ['next_page_token'],
    ['eos_token'],
    ['token_type'],
    ['secret_name'],
    ['secretary'],
    ['password_reset_required'],
    ['password_policy'],
    ['public_key'],
    ['primary_key'],
    ['idempotency_key'],
    ['key'],
    ['keyboard'],
    ['author'],
    ['authorization_status'],
    ['compass'],
    ['boarding_pass'],
    ['passenger'],
    ['PWD'],
    ['cookie_policy'],
    ['session_count'],
    ['assessment'],
    ['connected'],
    [''],
    ['__proto__'],
  ])('%s is none', (name) => {
    expect(secretKey(name)).toBeUndefined()
  })

  it('takes a plural for a collection', () => {
    expect(secretKey('cookies')?.isCollection).toBe(true)
    expect(secretKey('cookie')?.isCollection).toBe(false)
  })
})
