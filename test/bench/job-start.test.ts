import t from 'tap'
import { jobStartFigures } from '../../bench/job-start/job-times.ts'

t.test("the Launcher's own share is the difference within each turn", async (t) => {
  const starts = [
    { running: 50, began: 40, bare: 10 },
    { running: 150, began: 140, bare: 70 },
    { running: 60, began: 30, bare: 10 },
  ]
  const found = new Map(jobStartFigures(starts).map(({ name, value }) => [name, value]))
  t.equal(found.get('Running later than a bare command runs, p50'), 50)
  t.equal(found.get('Running later than a bare command runs, p99'), 80)
  t.equal(found.get("the job's command compared with the bare one"), 3)
})
