import { setTimeout as delay } from 'node:timers/promises'
import t from 'tap'
import { TaskDriver } from '../../src/tasks/task-driver.ts'
import { silent } from '../fixtures/silent-log.ts'
import { until } from '../fixtures/until.ts'

t.test(
  'a task runs by timer and by hint, never twice at once, and after a failure again',
  async (t) => {
    let runs = 0
    let atOnce = 0
    let most = 0
    const task = {
      name: 'count',
      period: 20,
      async activate() {
        most = Math.max(most, ++atOnce)
        await delay(5)
        atOnce--
        if (++runs === 2) throw new Error('once')
      },
    }
    const driver = new TaskDriver({ tasks: [task], log: silent })
    driver.start()
    for (let n = 0; n < 50; n++) driver.hint('count')
    await until(() => runs >= 5)
    t.equal(most, 1)
    await driver.stop()
    const then = runs
    driver.hint('count')
    await delay(50)
    t.equal(runs, then, 'nothing runs after stop')
  },
)

t.test('a hint while a task runs makes it run once more', async (t) => {
  let runs = 0
  const release: (() => void)[] = []
  const task = {
    name: 'slow',
    period: 1e6,
    activate: () => new Promise<void>((resolve) => void (runs++, release.push(resolve))),
  }
  const driver = new TaskDriver({ tasks: [task], log: silent })
  driver.start()
  driver.hint('slow')
  driver.hint('slow')
  release.shift()?.()
  await until(() => runs === 2)
  release.shift()?.()
  await driver.stop()
  t.equal(runs, 2)
})
