// Builds dist/ from the sources: the server by tsc, the pages by vite. With --if-stale only what is older than its sources.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(fileURLToPath(import.meta.url))
const ifStale = process.argv.includes('--if-stale')
const shared = ['package-lock.json', 'build.js', 'tsconfig.json', 'tsconfig.build.json']

const parts = [
  {
    name: 'server',
    sources: () => [
      ...filesBelow('cluster'),
      ...filesBelow('src').filter((file) => !file.startsWith('src/web/')),
      ...filesBelow('docs/examples').filter((file) => file.endsWith('.ts')),
      ...shared,
    ],
    stamp: 'dist/.server-built',
    build() {
      for (const stale of ['dist/src', 'dist/cluster', 'dist/docs', 'dist/.tsbuildinfo']) {
        rmSync(join(root, stale), { recursive: true, force: true })
      }
      run('tsc', ['-p', 'tsconfig.build.json'])
      for (const file of filesBelow('src').filter((name) => /\.(sql|sh|py)$/.test(name))) {
        cpSync(join(root, file), join(root, 'dist', file))
      }
    },
  },
  {
    name: 'pages',
    sources: () => [
      ...filesBelow('src/web'),
      'src/sessions/session.ts',
      'src/ides/ide.ts',
      'src/ides/language-version.ts',
      ...shared,
    ],
    stamp: 'dist/.pages-built',
    build() {
      run('vite', ['build', 'src/web', '--logLevel', 'warn'])
    },
  },
]

for (const part of parts) {
  if (ifStale && !isStale(part)) continue
  const start = performance.now()
  process.stdout.write(`Building the ${part.name} … `)
  rmSync(join(root, part.stamp), { force: true })
  part.build()
  writeFileSync(join(root, part.stamp), '')
  process.stdout.write(`done in ${((performance.now() - start) / 1000).toFixed(1)} s\n`)
}

function filesBelow(folder) {
  if (!existsSync(join(root, folder))) return []
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
}

function isStale({ sources, stamp }) {
  const built = statSync(join(root, stamp), { throwIfNoEntry: false })?.mtimeMs
  return built === undefined || sources().some((file) => statSync(join(root, file)).mtimeMs > built)
}

function run(program, args) {
  const { status, error } = spawnSync(join(root, 'node_modules', '.bin', program), args, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (status === 0) return
  process.stderr.write(`\n${program} failed${error ? `: ${error.message}` : ''}. Did npm ci run?\n`)
  process.exit(1)
}
