import fc from 'fast-check'
import t from 'tap'
import { parseWrk } from '../../bench/load/wrk-output.ts'

const errors = { connect: 0, read: 0, write: 0, status: 0, timeout: 0 }
const good = { requests: 10, durationUs: 2e6, bytes: 3500, p50Us: 900, p99Us: 4000, errors }
const output = (changes: object = {}) =>
  `Running 2s test\n  10 requests\nRESULT ${JSON.stringify({ ...good, ...changes })}\n`

t.test('the result is found in what wrk prints', async (t) => {
  t.same(parseWrk(output(), 200), good)
})

t.test('a contender whose answers are wrong has no result', async (t) => {
  const cases: [changes: object, message: RegExp][] = [
    [{ errors: { ...errors, status: 3 } }, /requests failed: status 3$/],
    [{ errors: { ...errors, read: 1, timeout: 2 } }, /read 1, timeout 2$/],
    [{ requests: 0 }, /no request/],
    [{ bytes: 1990 }, /199 bytes instead of 200/],
    [{ bytes: 100_000 }, /10000 bytes instead of 200/],
  ]
  for (const [changes, message] of cases) t.throws(() => parseWrk(output(changes), 200), message)
})

t.test('anything else is an error that tells what wrk said', async (t) => {
  t.throws(() => parseWrk('unable to connect to 127.0.0.1:1 Connection refused\n', 200), /refused/)
  t.throws(() => parseWrk('RESULT {"requests":1}', 200))
  fc.assert(
    fc.property(fc.string(), (text) => {
      t.throws(() => parseWrk(text, 200))
    }),
  )
})
