import { once } from 'node:events'
import t from 'tap'
import { ask, session, stage, until, upstream } from './stage.ts'
import { browse, webSocketIde } from './web-sockets.ts'

t.test('use by a person keeps the sign-in, of requests and WebSockets alike', async (t) => {
  const ide = await webSocketIde(t)
  ide.server.on('request', (_request, response) => void response.end('ok'))
  ide.webSockets.on('connection', (socket) => {
    socket.on('message', (data, binary) => socket.send(data, { binary }))
  })
  const { port, signInUses, activity } = await stage(t, { sessions: [session('one', ide.path)] })
  await ask(port, '/s/one/poll')
  t.same(signInUses, [])
  await ask(port, '/s/one/page')
  t.ok(signInUses.includes('one'))
  signInUses.length = 0
  const browser = browse(port, '/s/one/ws')
  await once(browser, 'open')
  browser.send('by itself')
  await once(browser, 'message')
  t.same(signInUses, [])
  await until('a second is over, and a use is told again', () => {
    browser.send('typed')
    return activity.length > 1
  })
  t.ok(signInUses.includes('one'))
  browser.close()
})

t.test('a new cookie comes with an answer, which no cache may keep', async (t) => {
  const ide = await upstream(t)
  ide.server.on('request', (_request, response) => {
    response.setHeader('cache-control', 'public, max-age=600')
    response.setHeader('set-cookie', 'of-ide=1; Path=/s/one/')
    response.end('ok')
  })
  const { port, renewals } = await stage(t, { sessions: [session('one', ide.path)] })
  renewals.push('atelier-x=new; HttpOnly')
  const { headers } = await ask(port, '/s/one/page')
  t.same(headers['set-cookie'], ['of-ide=1; Path=/s/one/', 'atelier-x=new; HttpOnly'])
  t.equal(headers['cache-control'], 'private, no-store')
  const next = await ask(port, '/s/one/page')
  t.same(next.headers['set-cookie'], ['of-ide=1; Path=/s/one/'])
  t.equal(next.headers['cache-control'], 'public, max-age=600')
})

t.test('the end of a sign-in ends what is open, and nothing waits for it longer', async (t) => {
  const ide = await webSocketIde(t)
  ide.server.on('request', (request, response) => {
    response.write('begun')
    if (request.url?.includes('short') === true) response.end()
  })
  const { port, followed } = await stage(t, { sessions: [session('one', ide.path)] })
  await ask(port, '/s/one/short')
  await until('the answer is done', () => followed.size === 0)
  const stream = await fetch(`http://127.0.0.1:${port}/s/one/long`)
  const ended = stream.text().then(
    () => 'whole',
    () => 'broken off',
  )
  const browser = browse(port, '/s/one/ws')
  await once(browser, 'open')
  t.equal(followed.size, 2)
  const closed = once(browser, 'close')
  for (const end of followed) end()
  t.equal(await ended, 'broken off')
  t.equal((await closed)[0], 1006)
  await until('both are gone', () => followed.size === 0)
})
