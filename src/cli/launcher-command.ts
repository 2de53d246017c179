import { Command } from 'commander'
import { dataPaths } from '../config.ts'
import { createLog } from '../log.ts'
import { nodeAccount } from '../node-account.ts'
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
      'Runs the Launcher, the service that starts and controls jobs; a session is a job that listens. It answers on a unix socket in the data directory, for nodes on this machine: their account (node.user) alone, with the key in launcher.key_file. Run by root it starts jobs as other accounts. It logs JSON lines to standard error. SIGHUP reads the configuration again; SIGTERM ends it, and jobs go on.',
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
  const { launcherKey, launcherScratch, launcherSocket } = dataPaths(config)
  const user = jobUser(config, context.account)
  const node = context.account.root ? await nodeAccount(config) : undefined
  const launcher = new LauncherService({
    socket: launcherSocket,
    keyFile: launcherKey,
    nodeAccount: node,
    log,
    plugin: {
      command: context.execPath,
      args: [
        context.script,
        'plugin',
        'local',
        '--plugin-name=Local',
        ...(user === undefined ? [] : [`--user=${user}`]),
        ...(node === undefined ? [] : [`--server-user=${node.name}`]),
        `--minimum-uid=${config.launcher.minimum_uid}`,
        `--scratch-path=${launcherScratch}`,
        `--log-level=${config.log.level}`,
        ...loginFlags(config),
      ],
    },
    signIn: new SignIn({
      service: config.launcher.pam_service,
      minimumUid: config.launcher.minimum_uid,
      program: [context.execPath, pamProgram('authenticate')],
      throttle: new SignInThrottle({ now: () => performance.now() }),
      log,
    }),
  })
  await launcher.start()
  await ended(signal)
  await launcher.stop()
}
