import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import t, { type Test } from 'tap'
import { chooseSessionAccount } from '../../src/accounts.ts'
import { loginFlags, loginOf, withLoginFlags, type LoginFlags } from '../../src/cli/login-flags.ts'
import { ClusterKey } from '../../src/auth/cluster-key.ts'
import { LiveConfig } from '../../src/config/live-config.ts'
import { configKeys } from '../../src/config/keys.ts'
import { loadConfig } from '../../src/config/load.ts'
import { dataPaths, type Config } from '../../src/config.ts'
import { versionPlaces } from '../../src/ides/version-places.ts'
import { versionsScript } from '../../src/ides/versions-script.ts'
import { allowedWords, commandChoices } from '../../src/jobs/allowed-commands.ts'
import { seedsOf } from '../../src/nodes/seeds-of.ts'
import { routingOf } from '../../src/peers/routing.ts'
import { launcherClusters, type PluginHost } from '../../src/launcher-clusters.ts'
import { memberOf } from '../cluster/cluster-of.ts'
import { nodeAccount } from '../../src/node-account.ts'
import { keptDays } from '../../src/jobs/job-retention.ts'
import { nodeName } from '../../src/node-name.ts'
import { signInSide } from '../../src/node-sign-ins.ts'
import { SealedHops } from '../../src/peers/sealed-hops.ts'
import { configuredPlacement } from '../../src/sessions/configured-placement.ts'
import { readPeerTls } from '../../src/peers/peer-tls.ts'
import { installMissing } from '../../src/start/install-missing.ts'
import { run } from '../cli/fixtures/run.ts'
import { silent } from '../fixtures/silent-log.ts'

const configOf = (...settings: string[]): Config =>
  loadConfig({ settings, dataDirectory: '/nowhere' })

const scanOf = (...settings: string[]): string =>
  versionsScript(versionPlaces(configOf(...settings)))

const customPlacement = (t: Test, script: string, ...settings: string[]) => {
  const file = join(t.testdir(), 'choose')
  writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const custom = ['placement.strategy=custom', `placement.program=${file}`]
  return configuredPlacement(configOf(...custom, ...settings))
}

const routing = (...settings: string[]) =>
  routingOf(configOf(...settings), {
    membership: { local: memberOf('node-1') },
    nodes: { all: () => [] },
  })

/** How the local plugin makes jobs those of their accounts, by the flags that it gets of the Launcher. */
const loginConfigured = (setting: string) => {
  const command = withLoginFlags(new Command()).parse(loginFlags(configOf(setting)), {
    from: 'user',
  })
  return loginOf(command.opts<LoginFlags>(), '/usr/bin/node')
}

const signing = (...settings: string[]) =>
  signInSide({
    live: new LiveConfig(configOf(...settings)),
    clusterKey: new ClusterKey(randomBytes(32)),
    store: { insert: async () => {}, find: async () => undefined, list: async () => [] },
    hopping: new SealedHops({ key: randomBytes(32), node: 'node-1' }),
  })

const hostOf = (...settings: string[]): PluginHost => ({
  config: configOf(...settings),
  root: true,
  serverUser: 'atelier',
  local: { command: '/node', before: [], after: [] },
  environment: {},
  checkUser: async () => {},
})

/** A command that jobs may run, with these keys: what it runs, and how people are shown it. */
const nightly = (...keys: string[]) => {
  const { commands } = configOf(`jobs.commands.nightly={ ${keys.join(', ')} }`).jobs
  return {
    words: (...args: string[]) => allowedWords({ command: 'nightly', args }, commands),
    choices: commandChoices(commands),
  }
}

/** A Launcher cluster with a plugin of somebody else, and these keys. */
const pluginWith = (...keys: string[]) =>
  launcherClusters(hostOf(...['exe=/p', ...keys].map((key) => `launcher.clusters.S.${key}`)))[0]

/** A key of a Launcher cluster that its plugin is told as this flag, and not as long as it is not set. */
function clusterFlag(t: Test, key: string, flag: string): void {
  t.ok(pluginWith(key)?.args.includes(flag), flag)
  t.notOk(pluginWith()?.args.includes(flag), `no ${flag}`)
}

/** What shows that a key is read: here, or in a test of real processes that sets it to something else than its default. */
type Proof = ((t: Test) => void | Promise<void>) | { readonly file: string; readonly sets: RegExp }

const PROOFS: Readonly<Record<string, Proof>> = {
  'server.host': { file: 'system/tokens.test.ts', sets: /server\.host=127\.0\.0\.2/ },
  'server.port': { file: 'system/faults.test.ts', sets: /server\.port=\$\{/ },
  'data.directory': (t) => {
    const paths = Object.values(dataPaths(configOf('data.directory=/srv/a')))
    for (const path of paths) t.match(path, /^\/srv\/a\//)
  },
  'database.url': async (t) => {
    const setting = 'database.url=postgres://u:p@h/d'
    const { stderr } = await run('backup', '/nowhere/x', '--set', setting)
    t.match(stderr, /database\.url is your own/)
  },
  'node.name': (t) => {
    t.equal(nodeName(configOf('node.name=other')), 'other')
  },
  'node.user': async (t) => {
    t.match(await nodeAccount(configOf('node.user=nobody')), { name: 'nobody' })
    await t.rejects(nodeAccount(configOf('node.user=no-such')), /useradd .* no-such$/)
  },
  'auth.method': { file: 'system/sign-in.test.ts', sets: /method: 'pam'/ },
  'auth.required_group': { file: 'system/sign-in.test.ts', sets: /required_group: members/ },
  'auth.admin_group': { file: 'system/sign-in.test.ts', sets: /admin_group: admins/ },
  'auth.idle_seconds': (t) => {
    t.equal(signing('auth.idle_seconds=60').lifetimes().idle, 60_000)
  },
  'auth.lifetime_seconds': (t) => {
    t.equal(signing('auth.lifetime_seconds=60').lifetimes().absolute, 60_000)
  },
  'auth.proxied_header': {
    file: 'system/sign-in.test.ts',
    sets: /proxied_header: 'x-remote-user'/,
  },
  'auth.proxied_secret': { file: 'system/sign-in.test.ts', sets: /proxied_secret: PROXY_SECRET/ },
  'auth.proxied_from': { file: 'system/sign-in.test.ts', sets: /proxied_from: \['127/ },
  'auth.sign_in_url': { file: 'system/sign-in.test.ts', sets: /sign_in_url: 'https/ },
  'auth.sign_out_url': { file: 'system/sign-in.test.ts', sets: /sign_out_url: '\/oauth2/ },
  'placement.strategy': (t) => {
    for (const strategy of ['sessions', 'system-load', 'user-hash', 'random']) {
      const configured = configuredPlacement(configOf(`placement.strategy=${strategy}`))
      t.match(configured, { strategy, program: undefined })
    }
  },
  'placement.program': async (t) => {
    const { strategy, program } = customPlacement(t, 'echo two')
    t.equal(strategy, 'sessions', 'what is done when the program fails')
    t.equal(await program?.choose('ada', [memberOf('one'), memberOf('two')]), 'two')
  },
  'placement.timeout_seconds': async (t) => {
    const { program } = customPlacement(t, 'exec sleep 1000', 'placement.timeout_seconds=0.3')
    await t.rejects(
      async () => void (await program?.choose('ada', [memberOf('one')])),
      /than 0\.3 s/,
    )
  },
  'node.url': { file: 'fixtures/cluster.ts', sets: /url: `http/ },
  'cluster.enabled': { file: 'fixtures/cluster.ts', sets: /enabled: true/ },
  'cluster.key_file': (t) => {
    t.equal(dataPaths(configOf('cluster.key_file=/etc/k')).clusterKey, '/etc/k')
  },
  'cluster.seeds': (t) => {
    t.strictSame(seedsOf(configOf('cluster.seeds=["a:1"]'), [], 'node-1'), ['a:1'])
  },
  'cluster.lease_seconds': {
    file: 'system/cluster-lost.test.ts',
    sets: /lease_seconds: 5/,
  },
  'gossip.host': { file: 'fixtures/cluster.ts', sets: /gossip: \{ host: ip/ },
  'gossip.port': { file: 'fixtures/cluster.ts', sets: /port: host === undefined \? 0 : 7946/ },
  'gossip.key_file': { file: 'system/cluster-join.test.ts', sets: /key_file/ },
  'routing.mode': (t) => {
    t.match(routing('routing.mode=single-node'), { mode: 'single-node' })
  },
  'routing.public_url': (t) => {
    t.match(routing('routing.public_url=https://w.example'), { publicUrl: 'https://w.example' })
  },
  'routing.node': (t) => {
    const single = 'routing.mode=single-node'
    t.match(routing(single, 'routing.node=node-1'), { isPublicNode: true })
    t.match(routing(single, 'routing.node=node-2'), { isPublicNode: false })
  },
  'routing.direct': (t) => {
    t.match(routing('routing.direct=false'), { direct: false })
  },
  'peer.port': (t) => peerKey(t, 'port', 'peer.port=8788'),
  'peer.certificate_file': (t) => peerKey(t, 'certificate_file', 'peer.certificate_file=/c'),
  'peer.key_file': (t) => peerKey(t, 'key_file', 'peer.key_file=/k'),
  'peer.ca_file': (t) => peerKey(t, 'ca_file', 'peer.ca_file=/a'),
  'launcher.user': async (t) => {
    const { user: configured } = configOf('launcher.user=nobody').launcher
    const asked = { configured, sudoUser: undefined, self: 'root', root: true }
    t.match(await chooseSessionAccount(asked), {
      account: { name: 'nobody' },
      why: 'launcher.user',
    })
  },
  'launcher.minimum_uid': { file: 'system/privileges.test.ts', sets: /launcher\.minimum_uid=/ },
  'launcher.key_file': (t) => {
    t.equal(dataPaths(configOf('launcher.key_file=/etc/k')).launcherKey, '/etc/k')
  },
  'launcher.pam_service': (t) => {
    t.match(loginConfigured('launcher.pam_service=workbench'), { pam: { service: 'workbench' } })
  },
  'launcher.pam_sessions': (t) => {
    t.equal(loginConfigured('launcher.pam_sessions=false').pam, undefined)
  },
  'launcher.home_marker': (t) => {
    t.match(loginConfigured('launcher.home_marker=/home/.here'), { homeMarker: '/home/.here' })
  },
  'launcher.umask': (t) => {
    t.match(loginConfigured('launcher.umask=0077'), { umask: '0077' })
  },
  'launcher.clusters.<name>.type': (t) => {
    const [local] = launcherClusters(hostOf('launcher.clusters.S.type=local'))
    t.match(local, { name: 'S', command: '/node', isRequired: true })
  },
  'launcher.clusters.<name>.exe': (t) => {
    t.match(pluginWith(), { name: 'S', command: '/p', isRequired: false })
  },
  'launcher.clusters.<name>.args': (t) => {
    t.equal(pluginWith('args=["--x=1"]')?.args.at(-1), '--x=1')
  },
  'launcher.clusters.<name>.config_file': (t) =>
    clusterFlag(t, 'config_file=/c', '--config-file=/c'),
  'launcher.clusters.<name>.scratch_path': (t) => {
    clusterFlag(t, 'scratch_path=/s', '--scratch-path=/s')
  },
  'launcher.clusters.<name>.heartbeat_interval_seconds': (t) => {
    clusterFlag(t, 'heartbeat_interval_seconds=7', '--heartbeat-interval-seconds=7')
    t.equal(pluginWith('heartbeat_interval_seconds=7')?.heartbeatInterval, 7000)
  },
  'launcher.clusters.<name>.request_timeout_seconds': (t) => {
    t.equal(pluginWith('request_timeout_seconds=7')?.requestTimeout, 7000)
  },
  'launcher.clusters.<name>.bootstrap_timeout_seconds': (t) => {
    t.equal(pluginWith('bootstrap_timeout_seconds=7')?.bootstrapTimeout, 7000)
  },
  'launcher.clusters.<name>.job_expiry_hours': (t) => {
    clusterFlag(t, 'job_expiry_hours=7', '--job-expiry-hours=7')
  },
  'launcher.clusters.<name>.max_message_size': (t) => {
    clusterFlag(t, 'max_message_size=70000', '--max-message-size=70000')
    t.equal(pluginWith('max_message_size=70000')?.maxMessageBytes, 70_000)
  },
  'launcher.clusters.<name>.metrics_interval_seconds': (t) => {
    clusterFlag(t, 'metrics_interval_seconds=7', '--plugin-metrics-interval-seconds=7')
  },
  'launcher.clusters.<name>.log_level': (t) => {
    clusterFlag(t, 'log_level=warn', '--log-level=WARNING')
  },
  'launcher.clusters.<name>.debug': (t) => {
    clusterFlag(t, 'debug=true', '--enable-debug-logging=1')
  },
  'launcher.clusters.<name>.unprivileged': (t) => {
    clusterFlag(t, 'unprivileged=true', '--unprivileged=1')
  },
  'ides.directory': (t) => {
    t.equal(dataPaths(configOf('ides.directory=/opt/i')).ides, '/opt/i')
  },
  'ides.install': async (t) => {
    const directory = join(t.testdir(), 'ides')
    const said: string[] = []
    await installMissing({
      config: configOf('ides.install=false', `ides.directory=${directory}`),
      log: silent,
      root: false,
      environment: {},
      signal: AbortSignal.abort(),
      terminal: { write: (text) => said.push(text) },
    })
    t.strictSame(said, [])
    t.notOk(existsSync(directory))
  },
  'ides.rserver': async (t) => {
    const { stdout } = await run('ide', 'list', '--json', '--set', 'ides.rserver=/nowhere/rserver')
    t.match(stdout, /ides\.rserver names \/nowhere\/rserver/)
  },
  'python.paths': (t) => {
    t.match(scanOf('python.paths=["/my/pythons/*"]'), /\/my\/pythons/)
  },
  'python.modules': (t) => {
    t.match(scanOf('python.modules=["py/3.99"]'), /py\/3\.99/)
  },
  'r.paths': (t) => {
    t.match(scanOf('r.paths=["/my/rs/*"]'), /\/my\/rs/)
  },
  'r.modules': (t) => {
    t.match(scanOf('r.modules=["r/4.99"]'), /r\/4\.99/)
  },
  'sessions.start_timeout_seconds': {
    file: 'system/faults.test.ts',
    sets: /sessions\.start_timeout_seconds=/,
  },
  'sessions.stop_timeout_seconds': {
    file: 'system/faults.test.ts',
    sets: /sessions\.stop_timeout_seconds=/,
  },
  'sessions.idle_after_seconds': {
    file: 'system/api.test.ts',
    sets: /sessions\.idle_after_seconds=2/,
  },
  'sessions.stop_idle_after_seconds': {
    file: 'system/idle.test.ts',
    sets: /stop_idle_after_seconds = /,
  },
  'sessions.maximum_age_seconds': {
    file: 'system/idle.test.ts',
    sets: /maximum_age_seconds = /,
  },
  'sessions.keep_at_most_seconds': {
    file: 'system/idle.test.ts',
    sets: /keep_at_most_seconds=3700/,
  },
  'profiles.<name>.title': { file: 'system/profiles.test.ts', sets: /title = "Small"/ },
  'profiles.<name>.cpus': { file: 'system/profiles.test.ts', sets: /cpus = 1/ },
  'profiles.<name>.memory_mib': { file: 'system/profiles.test.ts', sets: /memory_mib = 700/ },
  'limits.<name>.sessions': { file: 'system/limits.test.ts', sets: /sessions = 1/ },
  'jobs.shortest_interval_seconds': {
    file: 'system/schedules.test.ts',
    sets: /shortest_interval_seconds: 1/,
  },
  'jobs.webhook_hosts': { file: 'system/webhooks.test.ts', sets: /webhook_hosts: \[host\]/ },
  'limits.<name>.schedules': { file: 'system/schedules.test.ts', sets: /schedules: 3/ },
  'limits.<name>.jobs': { file: 'system/jobs.test.ts', sets: /jobs: 2/ },
  'limits.<name>.jobs_waiting': { file: 'system/jobs.test.ts', sets: /jobs_waiting: 3/ },
  'limits.<name>.cpus': { file: 'system/limits.test.ts', sets: /cpus = 1/ },
  'limits.<name>.memory_mib': { file: 'system/limits.test.ts', sets: /memory_mib = 600/ },
  'limits.<name>.processes': { file: 'system/limits.test.ts', sets: /processes = 300/ },
  'limits.<name>.open_files': { file: 'system/limits.test.ts', sets: /open_files = 999/ },
  'limits.<name>.nice': { file: 'system/limits.test.ts', sets: /nice = 3/ },
  'limits.<name>.ides': { file: 'system/limits.test.ts', sets: /ides = \["jupyterlab"/ },
  'limits.<name>.profiles': { file: 'system/limits.test.ts', sets: /profiles = \["small"/ },
  'limits.<name>.stop_idle_after_seconds': {
    file: 'system/limits.test.ts',
    sets: /stop_idle_after_seconds = /,
  },
  'limits.<name>.maximum_age_seconds': {
    file: 'system/limits.test.ts',
    sets: /maximum_age_seconds = /,
  },
  'api.requests_per_minute': {
    file: 'system/api-limits.test.ts',
    sets: /requests_per_minute/,
  },
  'api.sign_ins_per_minute': {
    file: 'system/api-limits.test.ts',
    sets: /sign_ins_per_minute/,
  },
  'jobs.directory': (t) => {
    t.equal(dataPaths(configOf('jobs.directory=/srv/o')).jobOutput, '/srv/o')
  },
  'jobs.shared': { file: 'system/job-output.test.ts', sets: /shared: true/ },
  'jobs.output_days': (t) => {
    t.equal(keptDays(configOf('jobs.output_days=7')).output, 7)
  },
  'jobs.history_days': (t) => {
    t.equal(keptDays(configOf('jobs.history_days=7')).history, 7)
  },
  'jobs.output_limit_mib': { file: 'system/job-output.test.ts', sets: /output_limit_mib: 1/ },
  'jobs.commands.<name>.exe': (t) => {
    t.equal(nightly('exe = "/opt/nightly"').words().exe, '/opt/nightly')
  },
  'jobs.commands.<name>.args': (t) => {
    t.strictSame(nightly('exe = "/n"', 'args = ["-q"]').words().args, ['-q'])
  },
  'jobs.commands.<name>.title': (t) => {
    t.match(nightly('exe = "/n"', 'title = "Nightly report"').choices, [{ title: /report/ }])
  },
  'jobs.commands.<name>.arguments': (t) => {
    t.throws(() => nightly('exe = "/n"').words('more'), { code: 'BAD_REQUEST' })
    t.strictSame(nightly('exe = "/n"', 'arguments = true').words('more').args, ['more'])
  },
  'log.level': { file: 'system/reload.test.ts', sets: /level/ },
}

/** Alone it is refused, since all four go together. */
function peerKey(t: Test, key: keyof Config['peer'], setting: string): void {
  const { peer } = configOf(setting)
  t.not(peer[key], undefined)
  t.throws(() => readPeerTls({ peer }), /go together/)
}

t.test('every key has a proof that it is read, and there is no other', async (t) => {
  t.strictSame(
    Object.keys(PROOFS).sort(),
    configKeys()
      .map(({ name }) => name)
      .sort(),
  )
})

for (const [key, proof] of Object.entries(PROOFS)) {
  t.test(`${key} is read where it says`, async (t) => {
    if (typeof proof === 'function') return proof(t)
    t.match(readFileSync(join(import.meta.dirname, '..', proof.file), 'utf8'), proof.sets)
  })
}
