import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { userInfo } from 'node:os'
import t from 'tap'
import { WebSocket } from 'ws'
import { ownTrackingPlace } from '../../src/plugins/local/cgroup-places.ts'
import { type ApiUser, type SessionAnswer, signIn } from '../fixtures/api.ts'
import { startTestAtelier } from '../fixtures/atelier.ts'
import { type Kernel, startKernel } from '../fixtures/kernel.ts'
import { TestCli } from '../fixtures/cli.ts'
import { until } from '../fixtures/until.ts'

/** Serves its query, who it was asked for, and a WebSocket echo, on a free port that it prints; in a thread. */
const APP = `
import http.server, threading, base64, hashlib, json, socket
class App(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'
    def log_message(self, *args): pass
    def do_GET(self):
        if self.headers.get('Upgrade') == 'websocket': return self.echo()
        body = json.dumps({'path': self.path, 'headers': dict(self.headers), 'mark': MARK}).encode()
        self.send_response(200)
        self.send_header('Content-Length', str(len(body)))
        self.send_header('Content-Type', 'application/json')
        self.end_headers()
        self.wfile.write(body)
    def echo(self):
        key = self.headers['Sec-WebSocket-Key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
        accept = base64.b64encode(hashlib.sha1(key.encode()).digest()).decode()
        self.wfile.write(('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\n'
          'Connection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n').encode())
        while True:
            head = self.rfile.read(2)
            if len(head) < 2: return
            length = head[1] & 127
            mask = self.rfile.read(4)
            data = bytes(b ^ mask[i % 4] for i, b in enumerate(self.rfile.read(length)))
            self.wfile.write(bytes([head[0], length]) + data)
class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
def serve(port=0, mark='one'):
    global MARK, server
    MARK = mark
    server = Server(('127.0.0.1', port), App)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1])
`

interface Told {
  readonly path: string
  readonly mark: string
  readonly headers: Readonly<Record<string, string>>
}

t.test('web apps of sessions', async (t) => {
  const atelier = await startTestAtelier(t)
  const user = await signIn(atelier.signInLink)
  const [one, other] = await Promise.all([user.start('jupyterlab'), user.start('jupyterlab')])
  const kernel = await startKernel(user, one.url)
  await kernel.run(APP)
  const port = Number(await kernel.run('serve()'))
  const at = (session: SessionAnswer, wanted: number, rest = '') =>
    `${session.url}p/${wanted}/${rest}`

  await t.test('its owner reaches an app in a kernel, and it is told where it is', async (t) => {
    const answer = await user.fetch(at(one, port, 'deep/page?x=1'), {
      headers: { cookie: `${user.cookie}; _xsrf=secret; mine=1` },
    })
    t.equal(answer.status, 200)
    const told = (await answer.json()) as Told
    t.equal(told.path, '/deep/page?x=1')
    t.match(told.headers, { 'x-forwarded-prefix': `/s/${one.id}/p/${port}`, cookie: 'mine=1' })
    t.equal(told.headers['cookie'], 'mine=1', "neither our cookie nor the IDE's reaches the app")
    t.notOk('authorization' in told.headers, "nor the IDE's secret")
  })

  await t.test('its WebSocket answers', async (t) => {
    const socket = open(user, at(one, port, 'echo'))
    await once(socket, 'open')
    socket.send('hello')
    t.equal(String((await once(socket, 'message'))[0]), 'hello')
    socket.close()
  })

  await t.test('the API and the command list it', async (t) => {
    const { status, body } = await user.ask<{ items: { port: number; url: string }[] }>(
      'GET',
      `/api/v1/sessions/${one.id}/ports`,
    )
    t.equal(status, 200)
    const item = body.items.find((each) => each.port === port)
    t.match(item, { process: /python/, url: at(one, port) })
    t.equal((await user.ask('GET', '/api/v1/sessions/nonesuch/ports')).status, 404)
    t.notOk(
      (await portsOf(user, other)).includes(port),
      'another session of the same user does not',
    )
    const cli = new TestCli(atelier)
    t.match(await cli.json('session', 'ports', one.id), { items: body.items })
    const table = await cli.run('session', 'ports', one.id)
    t.match(table.stdout, new RegExp(`${port} +python\\S* +/s/${one.id}/p/${port}/`))
  })

  await t.test('nobody reaches it without the cookie, or through another session', async (t) => {
    t.equal((await fetch(atelier.address + at(one, port))).status, 404)
    t.equal((await user.fetch(at(other, port))).status, 404)
    t.equal((await user.fetch(`/s/nonesuch/p/${port}/`)).status, 404)
    const stranger = new WebSocket(atelier.address.replace('http', 'ws') + at(one, port), {
      headers: { origin: atelier.address },
    })
    stranger.on('error', () => undefined)
    t.equal((await once(stranger, 'unexpected-response'))[1].statusCode, 404)
    const elsewhere = open(user, at(other, port))
    t.equal((await once(elsewhere, 'unexpected-response'))[1].statusCode, 404)
  })

  await t.test('no other server of the host is reached', async (t) => {
    const foreign = createServer((_request, response) => response.end('foreign')).listen(
      0,
      '127.0.0.1',
    )
    await once(foreign, 'listening')
    t.teardown(() => foreign.close())
    const ports = {
      'a server that belongs to nobody': (foreign.address() as AddressInfo).port,
      Atelier: Number(new URL(atelier.address).port),
      'a port where nobody listens': 1,
    }
    for (const [whose, wanted] of Object.entries(ports)) {
      const answer = await user.ask<{ error: { code: string; message: string } }>(
        'GET',
        at(one, wanted),
      )
      t.equal(answer.status, 404, whose)
      t.equal(answer.body.error.code, 'PORT_NOT_SERVED', whose)
      t.match(answer.body.error.message, `on 127.0.0.1 and port ${wanted}`)
    }
  })

  await t.test('an app that is started again on its port is reached again', async (t) => {
    const keptOpen = open(user, at(one, port, 'echo'))
    await once(keptOpen, 'open')
    await kernel.run('server.shutdown(); server.server_close()')
    t.equal((await user.fetch(at(one, port))).status, 404)
    await kernel.run(`serve(${port}, 'two')`)
    const told = await until(() => mark(user, at(one, port)))
    t.equal(told, 'two')
    keptOpen.close()
  })

  await t.test('a port that another program took over is not reached any more', async (t) => {
    t.equal(await mark(user, at(one, port)), 'two')
    const [squatter] = await Promise.all([
      startKernel(user, other.url),
      kernel.run('server.shutdown(); server.server_close()'),
    ])
    await squatter.run(APP)
    t.equal(await squatter.run(`serve(${port}, 'squatter')`), `${port}\n`)
    // A thread of the old app may still answer on a connection that it had, but nobody else ever does.
    await until(async () => {
      const answer = await user.fetch(at(one, port))
      if (answer.status === 404) return true
      t.equal(((await answer.json()) as Told).mark, 'two')
      return false
    })
    for (let tries = 0; tries < 20; tries++) {
      t.equal((await user.fetch(at(one, port))).status, 404)
    }
    t.equal(await until(() => mark(user, at(other, port))), 'squatter')
    await squatter.run('server.shutdown(); server.server_close()')
  })

  await t.test('a child in a session of its own is found', async (t) => {
    const daemon = await runDaemon(kernel, {})
    t.equal(await until(() => mark(user, at(one, daemon))), 'daemon')
  })

  await t.test(
    'one that also cleared its environment and lost its parent, by its cgroup',
    async (t) => {
      const stray = await runDaemon(kernel, null)
      // Without a cgroup nothing tells any more whose it is.
      const isTracked = userInfo().uid === 0 && ownTrackingPlace() !== undefined
      t.equal((await user.fetch(at(one, stray))).status, isTracked ? 200 : 404)
      await kernel.run(`import os, signal; os.kill(stray_pid(), signal.SIGKILL)`)
    },
  )

  await t.test('an app is reached while a new node takes over, and after it', async (t) => {
    const fresh = Number(await kernel.run(`serve(0, 'three')`))
    await atelier.kill('node')
    t.equal(await until(() => mark(user, at(one, fresh)).catch(() => undefined)), 'three')
  })

  await t.test('the end of a session closes the tunnels of its apps', async (t) => {
    const fresh = Number(await kernel.run(`serve(0, 'four')`))
    const socket = open(user, at(one, fresh, 'echo'))
    await once(socket, 'open')
    const closed = once(socket, 'close')
    await user.ask('DELETE', `/api/v1/sessions/${one.id}`)
    await closed
    await user.untilState(one.id, 'Stopped')
    t.equal((await user.fetch(at(one, fresh))).status, 410)
    t.strictSame(await portsOf(user, one), [])
  })
})

t.test('VS Code sends the ports of its programs through ours', async (t) => {
  const atelier = await startTestAtelier(t)
  const user = await signIn(atelier.signInLink)
  const { url } = await user.start('vscode')
  const page = await (await user.fetch(`${url}?folder=/`)).text()
  t.match(page.replaceAll('&quot;', '"'), `"proxyEndpointTemplate":"${url}p/{{port}}/"`)
  t.equal((await user.fetch(`${url}proxy/22/`)).status, 403, 'and not through its own')
})

async function portsOf(user: ApiUser, { id }: SessionAnswer): Promise<readonly number[]> {
  const path = `/api/v1/sessions/${id}/ports`
  const { body } = await user.ask<{ items: { port: number }[] }>('GET', path)
  return body.items.map(({ port }) => port)
}

async function mark(user: ApiUser, path: string): Promise<string | undefined> {
  const answer = await user.fetch(path)
  return answer.status === 200 ? ((await answer.json()) as Told).mark : undefined
}

function open(user: ApiUser, path: string): WebSocket {
  const socket = new WebSocket(user.address.replace('http', 'ws') + path, {
    headers: { cookie: user.cookie, origin: user.address },
  })
  socket.on('error', () => undefined)
  return socket
}

/** Runs the app in a process without a parent and with a session of its own; answers its port. */
async function runDaemon(kernel: Kernel, environment: object | null): Promise<number> {
  const printed = await kernel.run(`
import subprocess, sys, tempfile, os, time
source = ${JSON.stringify(APP)} + '''
serve(0, 'daemon')
import os
print(os.getpid(), flush=True)
threading.Event().wait()
'''
out = tempfile.mktemp()
child = subprocess.Popen(['/bin/sh', '-c', 'setsid "$0" -u -c "$1" >"$2" 2>&1 &', sys.executable, source, out],
  env=${environment === null ? "{'PATH': os.environ['PATH']}" : 'None'})
child.wait()
while True:
    lines = open(out).read().split() if os.path.exists(out) else []
    if len(lines) == 2: break
    time.sleep(.05)
stray_pid = lambda: int(lines[1])
print(lines[0])
`)
  return Number(printed)
}
