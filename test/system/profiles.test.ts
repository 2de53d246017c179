import t from 'tap'
import { signIn, type SessionAnswer } from '../fixtures/api.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { startKernel } from '../fixtures/kernel.ts'
import { until } from '../fixtures/until.ts'

type WithProfile = SessionAnswer & { readonly profile: string | null }

t.test('a session gets what its profile allows, and is told when it wanted more', async (t) => {
  const atelier = await startTestAtelier(t, [
    'profiles.small={ title = "Small", cpus = 1, memory_mib = 700 }',
    'profiles.tiny={ memory_mib = 64 }',
  ])
  const user = await signIn(atelier.signInLink)

  const { body } = await user.ask<{ items: object[] }>('GET', '/api/v1/profiles')
  t.match(body.items, [{ name: 'small', title: 'Small', cpus: 1 }, { name: 'tiny' }])
  const unknown = { ide: 'jupyterlab', profile: 'huge' }
  t.match(await user.ask('POST', '/api/v1/sessions', unknown), {
    status: 409,
    body: { error: { code: 'PROFILE_UNKNOWN', message: /small, tiny/ } },
  })

  const session = (await user.start('jupyterlab')) as WithProfile
  t.equal(session.profile, 'small', 'the first is the usual one')
  const kernel = await startKernel(user, session.url)
  await kernel.send('x = bytearray(1000 << 20)')
  const told = await until(async () => {
    const now = await user.session(session.id)
    return now.reason === null ? undefined : now
  })
  t.match(told, { state: 'Active', reason: /memory limit of 700 MiB was reached/ })
})
