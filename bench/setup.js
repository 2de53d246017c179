// Brings what the benchmarks need and npm does not: nginx, wrk and curl. What is there already is left alone.
import { spawnSync } from 'node:child_process'

const NEEDED = [
  { program: 'nginx', package: 'nginx-light' },
  { program: 'wrk', package: 'wrk' },
  { program: 'curl', package: 'curl' },
]
// Debian's nginx lies where only root looks for programs.
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin:/sbin` }

let missing = NEEDED.filter(({ program }) => !isThere(program))
if (missing.length > 0 && process.getuid() === 0 && isThere('apt-get')) {
  say(`installing ${names(missing)} from Debian`)
  apt(['update', '-q'])
  // Without the service that the package would start on port 80.
  apt(['install', '-y', '-q', '--no-install-recommends', ...missing.map((each) => each.package)], {
    RUNLEVEL: '1',
  })
  missing = NEEDED.filter(({ program }) => !isThere(program))
}
if (missing.length > 0) {
  const packages = missing.map((each) => each.package).join(' ')
  fail(`${names(missing)} is missing. Install it with: sudo apt-get install ${packages}`)
}

function isThere(program) {
  return spawnSync('sh', ['-c', 'command -v "$0"', program], { env }).status === 0
}

function apt(args, more = {}) {
  const { status, error, stderr } = spawnSync('apt-get', args, {
    env: { ...env, DEBIAN_FRONTEND: 'noninteractive', ...more },
    encoding: 'utf8',
  })
  if (status !== 0) fail(`apt-get ${args.join(' ')}: ${error?.message ?? stderr}`)
}

function names(list) {
  return list.map(({ program }) => program).join(', ')
}

function say(text) {
  process.stderr.write(`Setting up the benchmarks: ${text}\n`)
}

function fail(text) {
  process.stderr.write(`Setting up the benchmarks failed. ${text}\n`)
  process.exit(1)
}
