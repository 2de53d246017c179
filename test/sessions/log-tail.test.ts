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
