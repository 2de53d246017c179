import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { logTail } from '../../src/sessions/log-tail.ts'

t.test('the last lines carry no secret, no colours and no megabytes', async (t) => {
  const secret = 's3cr3t'
  t.equal(logTail('\u001b[31mred\u001b[0m\r\nnext\n\n\n', secret), 'red\nnext')
  t.equal(logTail(`http://h/lab?token=${secret}&x=1`, secret), 'http://h/lab?token=…&x=1')
  t.equal(logTail('open ?a=1&token=abc def', secret), 'open ?a=1&token=… def')
  t.equal(logTail('nul\u0000 bell\u0007', secret), 'nul bell')
  const many = Array.from({ length: 100_000 }, (_, line) => `line ${line}`).join('\n')
  t.match(logTail(many, secret), /^line 99960\n[^]*line 99999$/)
  t.equal(logTail('x'.repeat(5_000_000), secret).length, 501)
  t.equal(logTail('', secret), '')
})

t.test('whatever an IDE prints around its secret, the secret is not in the tail', async () => {
  const secret = 'Zk3-x_9Q'
  const piece = fc.constantFrom(
    'Zk3',
    '-x_',
    '9Q',
    secret,
    '\u0000',
    '\u001b[1m',
    '\r',
    '\n',
    'token=',
    '?token=',
    ' ',
    '&',
    '\u001b',
    '[',
    ']',
    '\u0007',
    '\u009b',
    'm',
    '\u007f',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
      const tail = logTail(pieces.join(''), secret)
      assert.ok(!tail.includes(secret), JSON.stringify(tail))
      assert.doesNotMatch(tail, /[^\P{Cc}\t\n]/u)
      assert.ok(tail.split('\n').length <= 40)
    }),
    { numRuns: 5000 },
  )
})
