import { once } from 'node:events'
import { openSync, closeSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { pid } from 'node:process'
import t from 'tap'
import { readDescriptors } from '../../../src/plugins/local/processes.ts'
import { findHolders } from '../../../src/plugins/local/socket-holders.ts'

/** Processes with these descriptors, which count how many of them are read. */
function processes(...open: readonly Iterable<string | undefined>[]) {
  const seen = { descriptors: 0 }
  function* descriptors(of: number) {
    for (const inode of open[of] ?? []) {
      seen.descriptors += 1
      yield inode
    }
  }
  return { seen, descriptors, pids: open.map((_, index) => index) }
}

function* endless() {
  for (;;) yield 'other'
}

t.test('the first process that has a socket open holds it', async (t) => {
  const { pids, descriptors } = processes(['9', undefined, '1'], [], ['1', '2'])
  t.same(
    [...findHolders(pids, new Set(['1', '2', '3']), descriptors)],
    [
      ['1', 0],
      ['2', 2],
    ],
  )
})

t.test('no descriptor is read after all sockets are found', async (t) => {
  const { pids, descriptors, seen } = processes(['1'], ['5', '2', '6'], endless())
  t.equal(findHolders(pids, new Set(['1', '2']), descriptors).size, 2)
  t.equal(seen.descriptors, 3)
  findHolders(pids, new Set(), descriptors)
  t.equal(seen.descriptors, 3)
})

t.test('a process with more descriptors than one look reads ends the look', async (t) => {
  const { pids, descriptors, seen } = processes(['1'], endless(), ['2'])
  t.same([...findHolders(pids, new Set(['1', '2']), descriptors)], [['1', 0]])
  t.equal(seen.descriptors, 20_000)
})

t.test('the sockets of a process are read one by one, and its directory is let go', async (t) => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const plain = openSync('/dev/null', 'r')
  const all = [...readDescriptors(pid)]
  closeSync(plain)
  t.ok(all.some((inode) => /^\d+$/.test(inode ?? '')))
  t.ok(all.includes(undefined))
  const before = readdirSync('/proc/self/fd').length
  for (const _ of readDescriptors(pid)) break
  t.equal(readdirSync('/proc/self/fd').length, before)
  t.same([...readDescriptors(2 ** 30)], [])
})
