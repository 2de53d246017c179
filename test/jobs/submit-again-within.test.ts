import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { submitAgainWithin } from '../../src/jobs/submit-again-within.ts'

const HOUR = 3_600_000

t.test('a job is submitted again only while its Launcher would still remember it', async (t) => {
  const within = (...settings: string[]) =>
    submitAgainWithin(loadConfig({ settings, dataDirectory: '/nowhere' }))
  const expiry = (name: string, hours: number) => [
    `launcher.clusters.${name}.type=local`,
    `launcher.clusters.${name}.job_expiry_hours=${hours}`,
  ]
  t.equal(within(), 12 * HOUR)
  t.equal(within(...expiry('Local', 4)), 2 * HOUR)
  t.equal(within(...expiry('Local', 1000)), 12 * HOUR, 'and not for days')
  t.equal(within(...expiry('Local', 0)), 0, 'never, if it forgets at once')
})
