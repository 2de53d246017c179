import { once } from 'node:events'
import { openSync, closeSync, ftruncateSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { Program } from '../processes.ts'
import { freePort, type Workplace } from '../workplace.ts'
import { nginxCommand, nginxConfig } from './nginx-config.ts'

/** Bytes of the answers; the big one is a file without contents, so that no disk is read. */
export const SMALL_BYTES = 200
export const MEDIUM_BYTES = 100 * 1024
export const BIG_BYTES = 1024 ** 3

/** An upstream: both addresses lead to the same process. */
export interface Upstream {
  /** The id of its session, and so the path below which it answers: `/s/<id>/`. */
  readonly id: string
  readonly socket: string
  readonly port: number
}

/** What all contenders stand in front of. */
export interface Upstreams {
  /** nginx: `small`, `medium` and `big` to be fetched. */
  readonly files: Upstream
  /** Node: counts what is sent to `upload`, and echoes the messages of a WebSocket. */
  readonly echo: Upstream
}

/** Starts both upstreams. */
export async function startUpstreams(workplace: Workplace): Promise<Upstreams> {
  return { files: await startFiles(workplace), echo: await startEcho(workplace) }
}

async function startFiles(workplace: Workplace): Promise<Upstream> {
  const directory = workplace.folder('files')
  const id = 'files'
  const socket = join(directory, 'ide.sock')
  const port = await freePort()
  const root = workplace.folder(`files/root/s/${id}`)
  writeFileSync(join(root, 'medium'), 'm'.repeat(MEDIUM_BYTES))
  const big = openSync(join(root, 'big'), 'w')
  ftruncateSync(big, BIG_BYTES)
  closeSync(big)
  const http = `
  sendfile on;
  tcp_nopush on;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    listen unix:${socket};
    default_type application/octet-stream;
    location = /s/${id}/small { return 200 "${'s'.repeat(SMALL_BYTES)}"; }
    location / { root ${join(directory, 'root')}; }
  }`
  const file = join(directory, 'nginx.conf')
  writeFileSync(file, nginxConfig(directory, http))
  const program = workplace.processes.start(nginxCommand(directory, file))
  await answers(port, program)
  return { id, socket, port }
}

async function startEcho(workplace: Workplace): Promise<Upstream> {
  const socket = join(workplace.folder('echo'), 'ide.sock')
  const script = fileURLToPath(new URL('./echo-process.js', import.meta.url))
  const command = [process.execPath, script, socket] as const
  const program = workplace.processes.start(command, { ipc: true })
  const { port } = (await program.message()) as { port: number }
  return { id: 'echo', socket, port }
}

/** Waits until somebody listens on the port. Throws when the program ends before. */
export async function answers(port: number, program: Program): Promise<void> {
  for (;;) {
    program.requireRunning()
    const socket = connect(port, '127.0.0.1')
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'close').then(() => false),
    ]).catch(() => false)
    socket.destroy()
    if (isOpen) return
    await delay(20)
  }
}
