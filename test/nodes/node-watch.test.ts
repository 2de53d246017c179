import { EventEmitter } from 'node:events'
import t from 'tap'
import type { NodeView } from '../../src/nodes/cluster-node.ts'
import { NodeWatch, type NodesTold } from '../../src/nodes/node-watch.ts'
import { nodeView } from '../fixtures/node.ts'
import { until } from '../fixtures/until.ts'

function watched() {
  const news = new EventEmitter<{ changed: [] }>()
  const table = { reads: 0, name: 'node-1', fails: false }
  const listNodes = async (): Promise<readonly NodeView[]> => {
    table.reads++
    if (table.fails) throw new Error('the database is gone')
    return [nodeView({ name: table.name })]
  }
  const watch = new NodeWatch({ nodes: { listNodes }, news })
  const follow = () => {
    const told: string[] = []
    const leave = watch.listen((each: NodesTold) => {
      told.push('nodes' in each ? each.nodes.map(({ name }) => name).join() : String(each.problem))
    })
    return { told, leave }
  }
  return { news, table, follow }
}

t.test('nobody who looks causes no read, and all who look cause one', async (t) => {
  const { news, table, follow } = watched()
  news.emit('changed')
  t.equal(table.reads, 0)
  const first = follow()
  await until(() => first.told.length === 1)
  const second = follow()
  t.strictSame(second.told, ['node-1'], 'who comes later is told at once what is known')
  t.equal(table.reads, 1)
  table.name = 'node-2'
  news.emit('changed')
  await until(() => first.told.length > 1 && second.told.length > 1)
  t.strictSame(
    [first.told, second.told],
    [
      ['node-1', 'node-2'],
      ['node-1', 'node-2'],
    ],
  )
  t.equal(table.reads, 2)
  first.leave()
  news.emit('changed')
  await until(() => second.told.length === 3)
  t.equal(first.told.length, 2, 'who has left is told nothing')
  second.leave()
  await until(() => news.listenerCount('changed') === 0)
  t.equal(table.reads, 3)
})

t.test('it is read again without any news', async () => {
  const { follow } = watched()
  const { told, leave } = follow()
  await until(() => told.length === 3)
  leave()
})

t.test('many changes are told together, and the last of them is told', async (t) => {
  const { news, table, follow } = watched()
  const { told, leave } = follow()
  await until(() => told.length === 1)
  for (let n = 2; n < 50; n++) {
    table.name = `node-${n}`
    news.emit('changed')
    await new Promise(setImmediate)
  }
  await until(() => told.at(-1) === 'node-49')
  t.ok(table.reads < 10, `${table.reads} reads`)
  leave()
})

t.test('a table that cannot be read is told, and read again', async (t) => {
  const { news, table, follow } = watched()
  table.fails = true
  const { told, leave } = follow()
  await until(() => told.length === 1)
  table.fails = false
  news.emit('changed')
  await until(() => told.length === 2)
  t.strictSame(told, ['Error: the database is gone', 'node-1'])
  leave()
})

t.test('who looks again right after the last has left is told too', async (t) => {
  const { news, follow } = watched()
  follow().leave()
  const { told, leave } = follow()
  await until(() => told.length === 1)
  t.strictSame(told, ['node-1'])
  leave()
  await until(() => news.listenerCount('changed') === 0)
})
