import t from 'tap'
import { loadConfig } from '../../src/config/load.ts'
import { configMessage } from '../../src/start/messages.ts'

t.test('a message without a configuration is told from one with it', async (t) => {
  const config = loadConfig({ dataDirectory: '/nowhere' })
  t.ok(configMessage.safeParse({ type: 'config', config }).success)
  for (const other of [{ type: 'listen' }, { type: 'config' }, {}, 'listen']) {
    t.notOk(configMessage.safeParse(other).success, JSON.stringify(other))
  }
})
