import t from 'tap'
import { noDatagrams } from '../../cluster/datagram-counts.ts'
import { TellRejections } from '../../src/tasks/tell-rejections.ts'
import { silent } from '../fixtures/silent-log.ts'

t.test('rejected datagrams are told by reason, once, with what may mend it', async (t) => {
  const told: unknown[] = []
  const none = noDatagrams()
  let { rejected } = none
  const task = new TellRejections({
    membership: { counts: () => ({ ...none, rejected }) },
    log: { ...silent, warn: (fields: unknown) => void told.push(fields) },
  })
  await task.activate()
  t.same(told, [], 'nothing without any')
  rejected = { ...rejected, 'unknown-key': 7, replayed: 1 }
  await task.activate()
  await task.activate()
  t.match(told, [
    { reason: 'unknown-key', datagrams: 7, mend: /gossip key/ },
    { reason: 'replayed', datagrams: 1, mend: undefined },
  ])
  t.equal(told.length, 2, 'and not again')
  rejected = { ...rejected, 'unknown-key': 9 }
  await task.activate()
  t.match(told[2], { reason: 'unknown-key', datagrams: 2 }, 'only those since the last time')
  t.equal(task.period, 60_000)
})
