import { createHmac, randomBytes } from 'node:crypto'
import t from 'tap'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { retryWait } from '../../src/webhooks/retry-wait.ts'
import { shownSecret, signatureHeaders } from '../../src/webhooks/signature.ts'
import { WebhookSecrets } from '../../src/webhooks/webhook-secrets.ts'

t.test('a message is signed as Standard Webhooks says, by its own example', async (t) => {
  const shown = 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'
  const secret = Buffer.from(shown, 'base64')
  const headers = signatureHeaders(
    {
      id: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      sentAt: new Date(1614265330_999),
      body: '{"test": 2432232314}',
    },
    [secret],
  )
  t.strictSame(headers, {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
  t.equal(shownSecret(secret), `whsec_${shown}`)
})

t.test('with two secrets there are two signatures', async (t) => {
  const secrets = [randomBytes(32), randomBytes(32)]
  const sentAt = new Date(5000)
  const headers = signatureHeaders({ id: 'm', sentAt, body: 'ü' }, secrets)
  const wanted = secrets.map(
    (secret) => `v1,${createHmac('sha256', secret).update('m.5.ü').digest('base64')}`,
  )
  t.equal(headers['webhook-signature'], wanted.join(' '))
})

t.test('each user has secrets of its own, which the database alone does not tell', async (t) => {
  let seeds: { seed: string; before: string | null } = { seed: 's', before: null }
  const store = {
    of: async () => seeds,
    replace: async () => (seeds = { seed: 'new', before: 's' }),
  }
  const clusterKey = new ClusterKey(randomBytes(32))
  const secrets = new WebhookSecrets({ store, clusterKey })
  const [ann] = await secrets.of('ann')
  t.equal(ann.length, 32)
  t.strictSame(await secrets.of('ann'), [ann], 'it stays the same')
  t.notSame(await secrets.of('bob'), [ann])
  const elsewhere = new WebhookSecrets({ store, clusterKey: new ClusterKey(randomBytes(32)) })
  t.notSame(await elsewhere.of('ann'), [ann])
  const replaced = await secrets.replace('ann')
  t.equal(replaced.length, 2)
  t.notSame(replaced[0], ann)
  t.strictSame(replaced[1], ann, 'the one before signs too, for a while')
})

t.test('it is tried ten times within about a day, with growing waits', async (t) => {
  let total = 0
  let before = 0
  for (let attempts = 1; attempts < 10; attempts++) {
    const wait = retryWait(attempts, 0) ?? 0
    t.ok(wait > before, `${wait} ms after ${attempts}`)
    t.ok((retryWait(attempts, 1) ?? 0) > wait)
    total += before = wait
  }
  t.equal(retryWait(10, 0), null)
  const hours = total / 3_600_000
  t.ok(hours > 20 && hours < 25, `${hours} hours`)
})
