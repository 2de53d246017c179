import t from 'tap'
import { ProcessTable } from '../../../src/plugins/local/process-table.ts'

t.test('those who look at about the same time share one look, however slow it is', async (t) => {
  let [now, looks] = [0, 0]
  const list = () => {
    looks++
    now += 200
    return []
  }
  const table = new ProcessTable({ list, now: () => now })
  table.recent()
  table.recent()
  now += 50
  table.recent()
  t.equal(looks, 1)
  now += 1
  table.recent()
  t.equal(looks, 2)
  table.fresh()
  t.equal(looks, 3, 'but for one who must know what is new')
})
