import t from 'tap'
import { LiveConfig } from '../../src/config/live-config.ts'
import { loadConfig } from '../../src/config/load.ts'
import { planReload } from '../../src/config/reload.ts'
import { ConfigError, type Config } from '../../src/config.ts'

const config = (...settings: string[]) => loadConfig({ settings, dataDirectory: '/data' })

t.test('what can be reloaded is taken over, and what cannot is named', (t) => {
  const present = config()
  const next = config('log.level=debug', 'sessions.idle_after_seconds=5', 'server.port=1')
  t.strictSame(planReload(present, next), {
    config: config('log.level=debug', 'sessions.idle_after_seconds=5'),
    changed: ['sessions.idle_after_seconds', 'log.level'],
    needRestart: ['server.port'],
  })
  t.strictSame(planReload(present, present), { config: present, changed: [], needRestart: [] })
  const withUrl = config('database.url=postgres://h/d')
  t.strictSame(planReload(withUrl, present).needRestart, ['database.url'], 'a key that is gone')
  t.strictSame(planReload(withUrl, present).config, withUrl)
  t.end()
})

t.test('a wrong configuration leaves the last good one in force', (t) => {
  const live = new LiveConfig(config())
  const heard: Config[] = []
  live.onChange((each) => heard.push(each))
  const wrong = () => {
    throw new ConfigError(['log.level: is "x"'])
  }
  t.match(live.reload(wrong), [{ level: 'error', about: ['log.level: is "x"'] }])
  t.strictSame(live.config, config())
  t.strictSame(heard, [])

  t.match(
    live.reload(() => config('log.level=warn', 'server.port=1')),
    [
      { level: 'info', about: ['log.level'] },
      { level: 'warn', about: ['server.port'] },
    ],
  )
  t.strictSame(heard, [config('log.level=warn')])
  t.match(
    live.reload(() => config('log.level=warn')),
    [{ level: 'info', about: [] }],
  )
  t.equal(heard.length, 1, 'nobody is called when nothing changes')
  t.throws(() => live.reload(() => JSON.parse('{')), SyntaxError, 'what is no mistake of the user')
  t.end()
})
