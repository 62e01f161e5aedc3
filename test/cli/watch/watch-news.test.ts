import { expect, it } from 'vitest'
import { openNews } from '../../../src/cli/watch/watch-news.ts'
import { fakeTerminal } from '../terminal/fake-terminal.ts'

function desk(): {
  readonly news: ReturnType<typeof openNews>
  readonly advance: (ms: number) => void
} {
  const { advance, io } = fakeTerminal()
  return { news: openNews(io), advance }
}

it('tells of a change once it has been quiet for a moment, and of many as one', async () => {
  const { advance, news } = desk()
  const told: string[] = []
  const first = news.next().then((one) => told.push(one))
  for (let at = 0; at < 20; at++) {
    news.changed()
    advance(150)
  }
  await Promise.resolve()
  expect(told).toEqual([])
  advance(100)
  await first
  expect(told).toEqual(['changed'])
  const second = news.next().then((one) => told.push(one))
  advance(60_000)
  expect(told).toEqual(['changed'])
  news.tell('end')
  await second
  expect(told).toEqual(['changed', 'end'])
})

it('keeps what came while nobody asked', async () => {
  const { advance, news } = desk()
  news.changed()
  advance(1_000)
  expect(await news.next()).toBe('changed')
})

it('takes a key and a change for one', async () => {
  const { advance, news } = desk()
  news.changed()
  advance(1_000)
  news.tell('again')
  expect(await news.next()).toBe('changed')
  const next = news.next()
  news.tell('end')
  expect(await next).toBe('end')
})

it('ends before anything else, and for good', async () => {
  const { news } = desk()
  news.tell('again')
  news.tell('end')
  expect(await news.next()).toBe('end')
  expect(await news.next()).toBe('end')
})
