import t from 'tap'
import { overhead } from '../../bench/session-start/stand-in-moments.ts'

t.test("the IDE's own time is no part of what a start costs", async (t) => {
  const start = { clicked: 1000, executed: 1040, answering: 3040, active: 3055 }
  t.same(overhead(start), { total: 55, before: 40, after: 15 })
})
