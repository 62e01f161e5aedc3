import { describe, expect, it } from 'vitest'
import { redactAssignments } from '../../src/text/secret-assignments.ts'

describe('redactAssignments', () => {
  it.each([
    ['{"api_key":"hunter"}', '{"api_key":"[redacted:api-key]"}'],
    ['{"a":"{\\"password\\": \\"p q\\"}"}', '{"a":"{\\"password\\": \\"[redacted:password]\\"}"}'],
    ['{"password":"a\\"b","c":"d"}', '{"password":"[redacted:password]","c":"d"}'],
    ["{'password': 'hunter', 'x': 1}", "{'password': '[redacted:password]', 'x': 1}"],
    ['{"x":1,"password":"cut o', '{"x":1,"password":"[redacted:password]'],
    ['password = "correct horse"', 'password = "[redacted:password]"'],
    [":secret => 'x y'", ":secret => '[redacted:secret]'"],
    ['?page=2&token=abc123&x=1', '?page=2&token=[redacted:token]&x=1'],
    ['to=https://x.example?api_key=abcdef', 'to=https://x.example?api_key=[redacted:api-key]'],
    ['export OPENAI_API_KEY=abcdef', 'export OPENAI_API_KEY=[redacted:api-key]'],
    ['login --password=letmein now', 'login --password=[redacted:password] now'],
    ['aws_secret_access_key = abc/1+2', 'aws_secret_access_key = [redacted:api-key]'],
    ['X-Api-Key: abc123\nAccept: */*', 'X-Api-Key: [redacted:api-key]\nAccept: */*'],
    ['Your password: hunter2', 'Your password: [redacted:password]'],
    [
      '{"session_note":"{\\"secret\\":\\"s\\"}"}',
      '{"session_note":"{\\"secret\\":\\"[redacted:secret]\\"}"}',
    ],
  ])('%s', (text, expected) => {
    expect(redactAssignments(text)).toBe(expected)
    expect(redactAssignments(expected)).toBe(expected)
  })

  it.each([
    ['Password: please choose a long one'],
    ['Token: expired'],
    ['token = tokenizer.encode(text)'],
    ['max_tokens=100000 total_tokens=123456'],
    ['{"max_tokens":"100000","page_token":"abcdef123"}'],
    ['["password=","abcdefgh"]'],
    ['He typed "password:", then left "x".'],
    ['API_KEY=${API_KEY} TOKEN=<token> SECRET={{secret}}'],
    ['{"password":""}'],
    ['key: value1234'],
    ['if (key == "abcdef") return'],
    ['PWD=/home/agent/work'],
  ])('keeps %s', (text) => {
    expect(redactAssignments(text)).toBe(text)
  })
})
