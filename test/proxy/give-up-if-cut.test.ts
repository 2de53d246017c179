import { Socket } from 'node:net'
import t from 'tap'
import type { AtelierError } from '../../src/errors.ts'
import { giveUpIfCut } from '../../src/proxy/give-up-if-cut.ts'
import type { Target } from '../../src/proxy/target.ts'

const EVERY_MS = 5
const peer = { name: 'node-2', url: 'http://node-2', failed: false }

/** A request under way to a target that is reached as `connect` says. */
function underWay(connect: () => Promise<Socket>, more: Partial<Target> = { peer }) {
  const told: AtelierError[] = []
  const exchange = {
    target: { connect, ...more } as Target,
    isEnded: false,
    giveUp: (error: AtelierError) => void told.push(error),
  }
  return { told, exchange }
}

t.test('a request is given up when no connection to its node can be made any more', async (t) => {
  let looks = 0
  const { told, exchange } = underWay(async () => {
    looks++
    if (looks > 2) throw new Error('there is no way')
    return new Socket()
  })
  await giveUpIfCut(exchange, new AbortController().signal, EVERY_MS)
  t.equal(looks, 3, 'it waits for as long as the node can be reached')
  t.match(told, [{ code: 'IDE_UNREACHABLE' }], 'so that it is not sent again')
})

t.test('one that is answered, has ended, or goes to no node is left alone', async (t) => {
  const unreachable = async () => {
    throw new Error('there is no way')
  }
  const answered = underWay(unreachable)
  answered.exchange.isEnded = true
  await giveUpIfCut(answered.exchange, new AbortController().signal, EVERY_MS)
  const left = underWay(unreachable)
  await giveUpIfCut(left.exchange, AbortSignal.abort(), EVERY_MS)
  const own = underWay(unreachable, {})
  await giveUpIfCut(own.exchange, new AbortController().signal, EVERY_MS)
  t.same([...answered.told, ...left.told, ...own.told], [])
})
