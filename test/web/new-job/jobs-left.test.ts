import t from 'tap'
import { jobsLeft } from '../../../src/web/new-job/jobs-left.ts'

const left = (running: [number, number | null], waiting: [number, number | null]) =>
  jobsLeft({
    running: { used: running[0], most: running[1] },
    waiting: { used: waiting[0], most: waiting[1] },
  })

t.test('limits are told before they bite', async (t) => {
  const far = { isReached: false, waits: false, text: null }
  t.same(left([9, null], [3, null]), far)
  t.same(left([1, 4], [0, 10]), far)
  t.match(left([3, 4], [0, 10]), { waits: false, text: /3 of 4 jobs running; after this one/ })
  t.match(left([4, 4], [0, 10]), { waits: true, isReached: false, text: /will wait until one/ })
  t.match(left([1, 1], [2, 10]), { waits: true, text: /1 of 1 job running.*; 2 wait before it/ })
  t.match(left([4, 4], [10, 10]), { isReached: true, text: /10 of 10 jobs waiting/ })
  t.match(left([0, 0], [0, 10]), { isReached: true, text: /allows you no jobs/ })
})
