import { spawn } from 'node:child_process'
import type { z } from 'zod'
import type { ClusterLog } from './cluster-log.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import { PluginConnection, type PluginReport } from './plugin-connection.ts'
import { API_VERSION } from './protocol.ts'
import { RESPONSES } from './protocol-schemas.ts'

/** The version of the API that a plugin speaks. */
export type PluginVersion = z.output<typeof RESPONSES.bootstrap>['version']

/** How one process of a plugin is run. */
export interface SpawnOptions {
  readonly command: string
  readonly args: readonly string[]
  /** The whole environment; by default our own. */
  readonly environment?: NodeJS.ProcessEnv | undefined
  /** Default MAX_MESSAGE_BYTES. */
  readonly maxMessageBytes?: number | undefined
  readonly onReport: (report: PluginReport) => void
  readonly log: ClusterLog
}

/** One process of a plugin. */
export interface RunningPlugin {
  readonly connection: PluginConnection
  /** Ends the plugin's input, which tells it to end. */
  finish(): void
  kill(): void
  /** Resolves with the reason once the process is gone. */
  readonly gone: Promise<string>
}

/** Starts a plugin, which is killed when it breaks the protocol. */
export function spawnPlugin(options: SpawnOptions): RunningPlugin {
  const { command, args, environment, maxMessageBytes, onReport, log } = options
  const env = environment === undefined ? {} : { env: environment }
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], ...env })
  const connection = new PluginConnection({
    input: child.stdin,
    maximum: maxMessageBytes,
    onReport,
  })
  let reason: string | undefined
  const gone = new Promise<string>((resolve) => {
    const end = (how: string) => {
      reason ??= how
      connection.close(reason)
      resolve(reason)
    }
    child.once('error', (error) => end(`the plugin cannot be run: ${error.message}`))
    child.once('exit', (code, signal) => end(`the plugin ended with ${signal ?? `code ${code}`}`))
  })
  connection.read(child.stdout).catch((error: unknown) => {
    reason ??= error instanceof Error ? error.message : String(error)
    log.debug({ reason }, 'The plugin broke the protocol')
    child.kill('SIGKILL')
  })
  return {
    connection,
    gone,
    finish: () => child.stdin.end(),
    kill: () => child.kill('SIGKILL'),
  }
}

/** Agrees on the version of the API. Throws PluginError if the plugin refuses, or speaks another major version. */
export async function bootstrap(
  { connection }: RunningPlugin,
  timeout: number,
): Promise<PluginVersion> {
  const { version } = await connection.bootstrap(API_VERSION, RESPONSES.bootstrap, timeout)
  if (version.major === API_VERSION.major) return version
  throw new PluginError(
    PLUGIN_ERROR.unsupportedVersion,
    `the plugin speaks version ${version.major} of the API, not ${API_VERSION.major}`,
  )
}

/** Sends heartbeats, and kills the plugin when it has been silent for three of them; `onSilence` is told before. */
export function watchHeart(
  running: RunningPlugin,
  { interval, onSilence }: { interval: number; onSilence: () => void },
): void {
  let lastTick = performance.now()
  const timer = setInterval(() => {
    const sinceLastTick = performance.now() - lastTick
    lastTick += sinceLastTick
    // After a pause of our own, what the plugin has said meanwhile is not read yet.
    const isLate = sinceLastTick > 2 * interval
    if (!isLate && running.connection.silence > 3 * interval) {
      onSilence()
      running.kill()
    } else {
      running.connection.heartbeat()
    }
  }, interval)
  void running.gone.then(() => clearInterval(timer))
}
