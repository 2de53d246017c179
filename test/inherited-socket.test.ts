import t from 'tap'
import { inheritedSocket, takeInheritedSocket } from '../src/inherited-socket.ts'

t.test('a socket is inherited when systemd tells so, and tells it to us', (t) => {
  const cases: [environment: Record<string, string>, fd: number | undefined][] = [
    [{}, undefined],
    [{ LISTEN_FDS: '1' }, undefined],
    [{ LISTEN_PID: '42' }, undefined],
    [{ LISTEN_FDS: '1', LISTEN_PID: '42' }, 3],
    [{ LISTEN_FDS: '1', LISTEN_PID: '42', LISTEN_FDNAMES: 'atelier.socket' }, 3],
    [{ LISTEN_FDS: '0', LISTEN_PID: '42' }, undefined],
    [{ LISTEN_FDS: '1', LISTEN_PID: '41' }, undefined],
    [{ LISTEN_FDS: '2', LISTEN_PID: '41' }, undefined],
  ]
  for (const [environment, fd] of cases) {
    t.equal(inheritedSocket(environment, 42)?.fd, fd, JSON.stringify(environment))
  }
  t.end()
})

t.test('what cannot be listened on is said', (t) => {
  const cases: [environment: Record<string, string>, says: RegExp][] = [
    [
      { LISTEN_FDS: '2', LISTEN_PID: '42' },
      /^2 sockets are handed over, and a node listens on one/,
    ],
    [{ LISTEN_FDS: '2', LISTEN_PID: '42', LISTEN_FDNAMES: 'a:b' }, /^2 sockets .*\(a, b\)/],
    [{ LISTEN_FDS: 'x', LISTEN_PID: '42' }, /LISTEN_FDS is no number/],
    [{ LISTEN_FDS: '-1', LISTEN_PID: '42' }, /LISTEN_FDS is no number/],
    [{ LISTEN_FDS: '1', LISTEN_PID: '' }, /LISTEN_PID is no number/],
  ]
  for (const [environment, message] of cases) {
    t.throws(() => inheritedSocket(environment, 42), { message }, JSON.stringify(environment))
  }
  t.end()
})

t.test('children are never told of it', (t) => {
  const told = { LISTEN_PID: '42', LISTEN_FDNAMES: 'a:b', LISTEN_PIDFDID: '7', PATH: '/bin' }
  for (const LISTEN_FDS of ['1', '2']) {
    for (const pid of [42, 43]) {
      const environment: Record<string, string> = { ...told, LISTEN_FDS }
      try {
        takeInheritedSocket(environment, pid)
      } catch {
        // Two are too many; the variables go all the same.
      }
      t.strictSame(environment, { PATH: '/bin' })
    }
  }
  t.end()
})
