import { Socket } from 'node:net'
import t from 'tap'
import type { AtelierError } from '../../src/errors.ts'
import { giveUpIfCut } from '../../src/proxy/give-up-if-cut.ts'
import type { Target } from '../../src/proxy/target.ts'
import { until } from '../fixtures/until.ts'

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
  giveUpIfCut(exchange, EVERY_MS)
  await until(() => told.length > 0)
  t.equal(looks, 3, 'it waits for as long as the node can be reached')
  t.match(told, [{ code: 'IDE_UNREACHABLE' }], 'so that it is not sent again')
})

t.test('one that is answered, has ended, or goes to no node is left alone', async (t) => {
  let looks = 0
  const unreachable = async () => {
    looks++
    throw new Error('there is no way')
  }
  const answered = underWay(unreachable)
  answered.exchange.isEnded = true
  giveUpIfCut(answered.exchange, EVERY_MS)
  giveUpIfCut(underWay(unreachable).exchange, EVERY_MS)()
  giveUpIfCut(underWay(unreachable, {}).exchange, EVERY_MS)
  // By when this one is given up the others would have been, too.
  const cut = underWay(unreachable)
  giveUpIfCut(cut.exchange, EVERY_MS)
  await until(() => cut.told.length > 0)
  t.equal(looks, 1)
})
