import { chmodSync } from 'node:fs'
import { homedir } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ApiUser, signIn } from '../../test/fixtures/api.ts'
import { misbehavingIde } from '../../test/fixtures/misbehaving-ide.ts'
import type { Workplace } from '../workplace.ts'

const MAIN = fileURLToPath(new URL('../../src/main.js', import.meta.url))
const STAND_IN = fileURLToPath(new URL('./stand-in-ide.js', import.meta.url))

/** A whole Atelier, as `npm start` runs it, in which JupyterLab is the stand-in. */
export interface StartedAtelier {
  readonly user: ApiUser
  /** Where the stand-ins note their moments. */
  readonly moments: string
  /** Of `atelier start` itself. */
  readonly pid: number
  /** Ends its sessions and then itself. */
  stop(): Promise<void>
}

/** Starts an Atelier with a database of its own and signs in; `standIn` is the script of sh in the place of JupyterLab. */
export async function startWholeAtelier(
  workplace: Workplace,
  standIn = (moments: string) => `exec '${process.execPath}' '${STAND_IN}' '${moments}' "$@"`,
  more: readonly string[] = [],
): Promise<StartedAtelier> {
  const [data, moments] = [workplace.folder('atelier'), workplace.folder('moments')]
  // Accounts of the database and of sessions enter it.
  chmodSync(workplace.directory, 0o755)
  chmodSync(moments, 0o777)
  const ide = await misbehavingIde(workplace.folder('ides'))
  await ide.change(standIn(moments))
  const settings = [
    `data.directory="${data}"`,
    `ides.directory="${ide.directory}"`,
    'server.port=0',
    'ides.install=false',
    ...more,
  ]
  const program = workplace.processes.start(
    [process.execPath, MAIN, 'start', ...settings.flatMap((setting) => ['--set', setting])],
    { env: { HOME: homedir() }, output: true },
  )
  let output = ''
  program.child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text))
  let link: string | undefined
  while (link === undefined) {
    program.requireRunning()
    await delay(50)
    link = /Sign in once with: (\S+)/.exec(output)?.[1]
  }
  const user = await signIn(link)
  return {
    user,
    moments,
    pid: program.child.pid ?? 0,
    async stop() {
      program.child.kill('SIGTERM')
      while (program.child.exitCode === null && program.child.signalCode === null) await delay(50)
      program.stop()
    },
  }
}
