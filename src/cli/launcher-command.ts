import { Command } from 'commander'
import { dataPaths } from '../config.ts'
import { createLog } from '../log.ts'
import { followConfig, withConfig, type ConfigOptions } from './config-options.ts'
import type { CliContext } from './context.ts'
import { describe } from './describe.ts'
import { ended } from './ended.ts'
import { loginFlags, pamProgram } from './login-flags.ts'

/** Below it are the accounts of services. */
const MINIMUM_UID = 1000

/** `atelier launcher` */
export function launcherCommand(context: CliContext): Command {
  const command = describe(withConfig(new Command('launcher')), {
    summary: 'run the Launcher, which starts sessions as jobs',
    description:
      'Runs the Launcher, the service that starts and controls jobs; a session is a job that listens. It answers on a unix socket in the data directory, for nodes on this machine. It logs JSON lines to standard error. SIGHUP reads the configuration again; SIGTERM ends it, and jobs go on.',
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
  const { launcherScratch, launcherSocket } = dataPaths(config)
  const launcher = new LauncherService({
    socket: launcherSocket,
    log,
    plugin: {
      command: context.execPath,
      args: [
        context.script,
        'plugin',
        'local',
        '--plugin-name=Local',
        `--user=${config.launcher.user ?? context.account.name}`,
        `--scratch-path=${launcherScratch}`,
        `--log-level=${config.log.level}`,
        ...loginFlags(config),
      ],
    },
    signIn: new SignIn({
      service: config.launcher.pam_service,
      minimumUid: MINIMUM_UID,
      program: [context.execPath, pamProgram('authenticate')],
      throttle: new SignInThrottle({ now: () => performance.now() }),
      log,
    }),
  })
  await launcher.start()
  await ended(signal)
  await launcher.stop()
}
