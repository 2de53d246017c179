import t from 'tap'
import {
  doublingPause,
  ReconnectingSource,
  type Source,
} from '../../../src/web/live/reconnecting-source.ts'
import { until } from '../../fixtures/until.ts'

class FakeSource implements Source {
  closed = false
  readonly #listeners = new Map<string, (event: { data?: unknown }) => void>()

  addEventListener(type: string, listener: (event: { data?: unknown }) => void): void {
    this.#listeners.set(type, listener)
  }

  close(): void {
    this.closed = true
  }

  emit(type: string, data?: string): void {
    this.#listeners.get(type)?.({ data })
  }
}

function connected(): {
  source: ReconnectingSource
  opened: FakeSource[]
  told: unknown[]
  pauses: number[]
} {
  const opened: FakeSource[] = []
  const told: unknown[] = []
  const pauses: number[] = []
  const source = new ReconnectingSource({
    open: () => {
      const fake = new FakeSource()
      opened.push(fake)
      return fake
    },
    events: { session: (data) => told.push(data) },
    onOpen: () => told.push('open'),
    onLost: () => told.push('lost'),
    pause: (n) => {
      pauses.push(n)
      return 0
    },
  })
  source.start()
  return { source, opened, told, pauses }
}

t.test('events are parsed and handed on, what is not JSON as null', async (t) => {
  const { source, opened, told } = connected()
  opened[0]?.emit('open')
  opened[0]?.emit('session', '{"id":"a"}')
  opened[0]?.emit('session', '{')
  t.same(told, ['open', { id: 'a' }, null])
  source.stop()
})

t.test('after an error it connects anew, until it is stopped', async (t) => {
  const { source, opened, told, pauses } = connected()
  opened[0]?.emit('error')
  opened[0]?.emit('error')
  t.ok(opened[0]?.closed)
  await until(() => opened.length === 2)
  opened[1]?.emit('error')
  await until(() => opened.length === 3)
  opened[2]?.emit('open')
  opened[2]?.emit('error')
  t.same(told, ['lost', 'lost', 'open', 'lost'])
  t.same(pauses, [1, 2, 1], 'pauses begin anew after a connection')
  await until(() => opened.length === 4)
  source.stop()
  opened[3]?.emit('session', '{}')
  opened[3]?.emit('error')
  t.ok(opened[3]?.closed)
  t.equal(told.length, 4, 'nothing is told after stop')
})

t.test('pauses double up to ten seconds, with jitter', async (t) => {
  t.same(
    [1, 2, 3, 6, 50].map((n) => doublingPause(n, 0)),
    [500, 1000, 2000, 10_000, 10_000],
  )
  t.equal(Math.round(doublingPause(1, 1)), 667)
})
