import { chownSync, rmSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { IdeProbe } from '../../src/sessions/ide-probe.ts'
import { ask, echo, raw, session, stage, type Teardown } from './stage.ts'
import { UPGRADE } from './web-sockets.ts'

/** Asks for `path` by request, by upgrade and by probe; the status of each answer. */
async function answers(t: Teardown, path: string) {
  const { port } = await stage(t, { sessions: [session('one', path)] })
  const request = await ask(port, '/s/one/')
  const upgrade = await raw(port, `GET /s/one/ HTTP/1.1\r\nHost: h\r\n${UPGRADE}\r\n`, (text) =>
    text.includes('\r\n'),
  )
  const probe = new IdeProbe({ location: { kind: 'socket', path }, headers: {} })
  const probed = await probe.probe('/', AbortSignal.timeout(10_000)).then(
    ({ status }) => status,
    () => 'refused',
  )
  await probe.close()
  return [request.status, upgrade.split(' ')[1], probed]
}

t.test('a link in place of the socket leads nowhere', async (t) => {
  const foreign = await echo(t)
  const mine = await echo(t)
  t.same(await answers(t, mine.path), [200, '200', 200])
  rmSync(mine.path)
  symlinkSync(foreign.path, mine.path)
  t.same(await answers(t, mine.path), [502, '502', 'refused'])

  const linked = join(dirname(mine.path), 'directory')
  symlinkSync(dirname(foreign.path), linked)
  t.same(await answers(t, join(linked, 'ide.sock')), [502, '502', 'refused'], 'nor a directory')
  t.same(foreign.hits, [])
})

t.test(
  'a socket of another account than its directory is refused',
  { skip: process.getuid?.() !== 0 && 'only root can give a directory away' },
  async (t) => {
    const ide = await echo(t)
    chownSync(dirname(ide.path), 65534, 65534)
    t.same(await answers(t, ide.path), [502, '502', 'refused'])
    chownSync(ide.path, 65534, 65534)
    t.same(await answers(t, ide.path), [200, '200', 200])
  },
)
