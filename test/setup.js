// Brings what the tests need and npm does not: Chromium, R and nginx from Debian, JupyterLab and code-server by our own installer.
// What is there already is left alone. As root Debian's packages are installed; anybody else gets them unpacked privately.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = process.getuid() === 0
const cache = root ? '/var/cache/atelier-test' : join(homedir(), '.cache', 'atelier-test')
const R_PARTS = [
  { name: 'r-base-core', file: '/usr/bin/R' },
  { name: 'r-cran-irkernel', file: '/usr/share/jupyter/kernels/ir/kernel.json' },
  { name: 'r-cran-shiny', file: '/usr/lib/R/site-library/shiny/DESCRIPTION' },
]
const CLUSTER_PARTS = [
  { name: 'iproute2', file: '/sbin/ip' },
  { name: 'nftables', file: '/usr/sbin/nft' },
  { name: 'faketime', file: '/usr/bin/faketime' },
]
const NGINX = { name: 'nginx-light', file: '/usr/sbin/nginx' }
const project = dirname(dirname(fileURLToPath(import.meta.url)))

if (!findChromium()) {
  say(`installing Chromium${root ? ' from Debian' : ` into ${cache}, as this is not root`}`)
  if (root) {
    apt(['update', '-q'])
    apt(['install', '-y', '-q', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'])
  } else {
    unpackChromium(join(cache, 'chromium'))
  }
  if (!findChromium())
    fail('Chromium is still missing. Install it with: sudo apt-get install chromium')
}

const missing = CLUSTER_PARTS.filter(({ file }) => !existsSync(file)).map(({ name }) => name)
if (missing.length > 0) {
  if (root) {
    say(`installing from Debian, for networks and clocks that are wrong: ${missing.join(', ')}`)
    apt(['update', '-q'])
    apt(['install', '-y', '-q', '--no-install-recommends', ...missing])
  } else {
    say(
      `without root no network can be cut and no clock be wrong, so the tests that do it will fail`,
    )
  }
}

if (!existsSync(NGINX.file)) {
  if (root) {
    say(`installing from Debian, as a load balancer: ${NGINX.name}`)
    apt(['update', '-q'])
    // Without the service that the package would start on port 80.
    apt(['install', '-y', '-q', '--no-install-recommends', NGINX.name], { RUNLEVEL: '1' })
  } else {
    say(
      `nginx is missing, so the tests that need it will fail. Install it with: sudo apt-get install ${NGINX.name}`,
    )
  }
}

const lacking = R_PARTS.filter(({ file }) => !existsSync(file)).map(({ name }) => name)
if (lacking.length > 0) {
  if (root) {
    say(`installing R from Debian: ${lacking.join(', ')}`)
    apt(['update', '-q'])
    apt(['install', '-y', '-q', '--no-install-recommends', ...lacking])
  } else {
    // R finds itself and its packages by absolute paths, so it cannot be unpacked elsewhere.
    say(
      `R is missing, so the tests that need it will fail. Install it with: sudo apt-get install ${lacking.join(' ')}`,
    )
  }
}

say(
  'looking for JupyterLab and code-server; the first time they are installed, which takes minutes',
)
const install = spawnSync(
  process.execPath,
  [
    'dist/src/main.js',
    'ide',
    'install',
    'jupyterlab',
    'vscode',
    '--set',
    `ides.directory=${cache}/ides`,
  ],
  { cwd: project, stdio: 'inherit' },
)
if (install.status !== 0) fail('An IDE that the tests need could not be installed; see above.')

function findChromium() {
  const places = ['/usr/bin/chromium', join(cache, 'chromium', 'usr/lib/chromium/chromium')]
  return places.find((place) => existsSync(place))
}

function apt(args, more = {}) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', ...more }
  const { status, error, stderr } = spawnSync('apt-get', args, { env, encoding: 'utf8' })
  if (status !== 0) fail(`apt-get ${args.join(' ')}: ${error?.message ?? stderr}`)
}

// Everything apt needs to write is given a private place; then it downloads for anybody.
function unpackChromium(target) {
  const work = `${target}.new`
  rmSync(work, { recursive: true, force: true })
  for (const folder of ['state/lists/partial', 'cache/archives/partial', 'root']) {
    mkdirSync(join(work, folder), { recursive: true })
  }
  writeFileSync(join(work, 'status'), '')
  const options = [
    `Dir::State=${work}/state`,
    `Dir::State::status=${work}/status`,
    `Dir::Cache=${work}/cache`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
  ].flatMap((option) => ['-o', option])
  apt([...options, 'update', '-q'])
  apt([
    ...options,
    'install',
    '-y',
    '-q',
    '--download-only',
    '--no-install-recommends',
    'chromium',
    'fonts-dejavu-core',
  ])
  for (const file of readdirSync(join(work, 'cache/archives'))) {
    if (file.endsWith('.deb')) {
      execFileSync('dpkg-deb', ['-x', join(work, 'cache/archives', file), join(work, 'root')])
    }
  }
  rmSync(target, { recursive: true, force: true })
  execFileSync('mv', [join(work, 'root'), target])
  rmSync(work, { recursive: true, force: true })
}

function say(text) {
  process.stdout.write(`Setting up the tests: ${text}\n`)
}

function fail(text) {
  process.stderr.write(`Setting up the tests failed. ${text}\n`)
  process.exit(1)
}
