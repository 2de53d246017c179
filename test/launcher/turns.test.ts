import t from 'tap'
import { Turns } from '../../src/launcher/turns.ts'

/** Work that ends when it is told to. */
function work(): { run: () => Promise<void>; begun: () => boolean; finish: () => void } {
  let begun = false
  let finish = () => {}
  const done = new Promise<void>((resolve) => (finish = resolve))
  const run = () => {
    begun = true
    return done
  }
  return { run, begun: () => begun, finish }
}

t.test(
  'only so many have their turn, the others in order, and whoever waits may give up',
  async (t) => {
    const turns = new Turns({ atOnce: 2 })
    const all = [work(), work(), work(), work()] as const
    const abort = new AbortController()
    const taken = all.map(({ run }, index) =>
      turns.take(run, index === 2 ? abort.signal : undefined),
    )
    const begun = () => all.map((each) => each.begun())
    const reason = new Error('enough')
    abort.abort(reason)
    await t.rejects(taken[2] ?? Promise.resolve(), reason)
    t.strictSame(begun(), [true, true, false, false])
    all[0].finish()
    await taken[0]
    await Promise.resolve()
    t.strictSame(begun(), [true, true, false, true])
    const fails = turns.take(() => Promise.reject(new Error('failed')))
    all[1].finish()
    await t.rejects(fails, /failed/)
    all[3].finish()
    await Promise.all([taken[1], taken[3]])
    await turns.take(() => Promise.resolve())
  },
)
