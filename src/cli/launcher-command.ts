import { mkdirSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { geteuid } from 'node:process'
import { Command } from 'commander'
import { dataPaths, type Config } from '../config.ts'
import {
  launcherClusters,
  positConfFile,
  positConfOf,
  scratchPaths,
  type PluginHost,
} from '../launcher-clusters.ts'
import { createLog } from '../log.ts'
import { nodeAccount } from '../node-account.ts'
import { JobAccounts } from '../plugins/local/job-accounts.ts'
import { jobUser } from '../session-users.ts'
import { followConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe } from './describe.ts'
import { ended } from './ended.ts'
import { loginFlags, pamProgram } from './login-flags.ts'

/** `atelier launcher` */
export function launcherCommand(context: CliContext): Command {
  const command = describe(withConfig(new Command('launcher')), {
    summary: 'run the Launcher, which starts sessions as jobs',
    description:
      'Runs the Launcher, the service that starts and controls jobs; a session is a job that listens. It answers on a unix socket in the data directory, for nodes on this machine: their account (node.user) alone, with the key in launcher.key_file. Run by root it starts jobs as other accounts. It logs JSON lines to standard error. SIGHUP reads the configuration again, and lets each plugin read its own; SIGTERM ends it, and jobs go on.',
    examples: [
      ['atelier launcher --config /etc/atelier/atelier.toml', 'as a service, beside atelier node'],
    ],
  })
  return command.action((options: ConfigOptions) => runLauncher(context, options))
}

async function runLauncher(context: CliContext, options: ConfigOptions): Promise<void> {
  const { live, log, onHangUp } = followConfig(context, options, (config) =>
    createLog(config.log.level, 'launcher'),
  )
  const signal = context.stopSignal(onHangUp)
  const { config } = live
  const { LauncherService } = await import('../launcher/service.ts')
  const { SignIn } = await import('../launcher/sign-in.ts')
  const { SignInThrottle } = await import('../launcher/sign-in-throttle.ts')
  const { launcherKey, launcherSocket } = dataPaths(config)
  const node = context.account.root ? await nodeAccount(config) : undefined
  const host = await pluginHost(context, config, node?.name)
  writePositConf(host)
  const launcher = new LauncherService({
    socket: launcherSocket,
    keyFile: launcherKey,
    nodeAccount: node,
    instanceId: config.node.name ?? hostname(),
    log,
    clusters: launcherClusters(host),
    signIn: new SignIn({
      service: config.launcher.pam_service,
      minimumUid: config.launcher.minimum_uid,
      program: [context.execPath, pamProgram('authenticate')],
      throttle: new SignInThrottle({ now: () => performance.now() }),
      log,
    }),
  })
  await launcher.start()
  live.onReload(() => void launcher.reload())
  await ended(signal)
  await launcher.stop()
}

/** What the Launcher's plugins are started with; `serverUser` is the account of the nodes if that is not our own. */
async function pluginHost(
  { account, execPath, script, environment }: CliContext,
  config: Config,
  serverUser: string | undefined,
): Promise<PluginHost> {
  const user = jobUser(config, account)
  const minimumUid = config.launcher.minimum_uid
  const policy = { ownUid: geteuid?.() ?? -1, onlyUser: user, minimumUid, serverUser }
  const accounts = new JobAccounts(policy)
  await accounts.start()
  const only = user === undefined ? [] : [`--user=${user}`]
  return {
    config,
    root: account.root,
    serverUser: serverUser ?? account.name,
    local: {
      command: execPath,
      before: [script, 'plugin', 'local'],
      after: [...only, `--minimum-uid=${minimumUid}`, ...loginFlags(config)],
    },
    environment,
    checkUser: (name) => accounts.find(name),
  }
}

/** Writes what plugins may read of the Launcher, and makes where they keep what is theirs. */
function writePositConf(host: PluginHost): void {
  const file = positConfFile(host.config)
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  writeFileSync(file, positConfOf(host))
  for (const path of scratchPaths(host.config)) mkdirSync(path, { recursive: true, mode: 0o700 })
}
