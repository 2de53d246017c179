import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { cgroupPlaces } from '../../../src/plugins/local/cgroup-places.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import {
  LIMIT_TYPES,
  NO_LIMITS,
  processLimits,
  readLimits,
  type Limits,
} from '../../../src/plugins/local/limits.ts'

const V1 = `32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
38 31 0:35 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
40 31 0:40 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw`
const V2 = '29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate'

t.test('the cgroups of this process are found', async (t) => {
  const cases: [string, string, string, object | undefined][] = [
    [
      'version 1, and version 2 without controllers beside it',
      '5:pids:/p\n4:memory:/a/b\n1:cpu,cpuacct:/\n0::/x',
      V1,
      {
        version: 1,
        memory: '/sys/fs/cgroup/memory/a/b',
        cpu: '/sys/fs/cgroup/cpu',
        pids: '/sys/fs/cgroup/pids/p',
      },
    ],
    [
      'version 2',
      '0::/system.slice/atelier-launcher.service',
      V2,
      {
        version: 2,
        memory: '/sys/fs/cgroup/system.slice/atelier-launcher.service',
        pids: '/sys/fs/cgroup/system.slice/atelier-launcher.service',
      },
    ],
    [
      'version 2, after we made room there ourselves',
      '0::/system.slice/a.service/atelier-launcher',
      V2,
      {
        version: 2,
        memory: '/sys/fs/cgroup/system.slice/a.service',
        pids: '/sys/fs/cgroup/system.slice/a.service',
      },
    ],
    [
      'in a container that mounts its own part',
      '4:memory:/docker/1/sub',
      '35 31 0:32 /docker/1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      { version: 1, memory: '/sys/fs/cgroup/memory/sub' },
    ],
    [
      'in a container that mounts another part',
      '4:memory:/docker/1',
      '35 31 0:32 /docker/12 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
      { version: 1, memory: '/sys/fs/cgroup/memory' },
    ],
    ['none', '', '', undefined],
    ['no mount', '4:memory:/', '', undefined],
  ]
  for (const [name, own, mounts, expected] of cases)
    t.same(
      cgroupPlaces(own, mounts, () => ['memory', 'pids']),
      expected,
      name,
    )
})

t.test('whatever the kernel may write, nothing is thrown', async () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...V1.split('\n'), V2, '0::/x', '4:memory:/a'))
  const text = fc.array(line).map((lines) => lines.join('\n'))
  fc.assert(fc.property(text, text, (own, mounts) => void cgroupPlaces(own, mounts, () => [])))
})

const ALL: Limits = { cpus: 1.5, memoryBytes: 1 << 20, processes: 99, openFiles: 500, nice: 3 }

t.test('limits of version 2 are written as cgroups(7) wants them', async (t) => {
  const place = t.testdir({})
  const cgroups = new JobCgroups({ places: { version: 2, memory: place, cpu: place, pids: place } })
  const { folders, left } = cgroups.create('b', ALL)
  const read = (...path: string[]) => readFileSync(join(place, ...path), 'utf8')
  const folder = join(place, 'atelier-jobs', 'b')
  t.same(folders, [folder])
  t.same(left, { ...NO_LIMITS, openFiles: 500, nice: 3 })
  t.equal(read('atelier-jobs', 'b', 'cpu.max'), '150000 100000')
  t.equal(read('atelier-jobs', 'b', 'cpu.weight.nice'), '3')
  t.equal(read('atelier-jobs', 'b', 'memory.max'), '1048576')
  t.equal(read('atelier-jobs', 'b', 'pids.max'), '99')
  t.equal(read('atelier-jobs', 'cgroup.subtree_control'), '+cpu +memory +pids')
  writeFileSync(join(folder, 'memory.events'), 'low 0\nmax 3\noom 1\noom_kill 2\n')
  t.equal(cgroups.outOfMemory([folder]), 2)
  t.equal(cgroups.refusedProcesses([folder]), 0)
  writeFileSync(join(folder, 'pids.events'), 'max 4\n')
  t.equal(cgroups.refusedProcesses([folder]), 4)
  t.equal(cgroups.memory([folder]), undefined)
  writeFileSync(join(folder, 'memory.current'), '1000\n')
  writeFileSync(join(folder, 'memory.stat'), 'anon 500\ninactive_file 300\n')
  t.equal(cgroups.memory([folder]), 700)
})

t.test('limits of version 1 are written to a folder of each controller', async (t) => {
  const [memory, cpu, pids] = [t.testdir({ m: {}, c: {}, p: {} })].flatMap((each) =>
    ['m', 'c', 'p'].map((name) => join(each, name)),
  )
  if (memory === undefined || cpu === undefined || pids === undefined) return t.fail()
  const cgroups = new JobCgroups({ places: { version: 1, memory, cpu, pids } })
  const { folders, left } = cgroups.create('b', ALL)
  const inside = (place: string, file: string) =>
    readFileSync(join(place, 'atelier-jobs', 'b', file), 'utf8')
  t.equal(folders.length, 3)
  t.same(left, { ...NO_LIMITS, openFiles: 500, nice: 3 })
  t.equal(inside(cpu, 'cpu.cfs_quota_us'), '150000')
  t.equal(inside(cpu, 'cpu.shares'), '524')
  t.equal(inside(memory, 'memory.limit_in_bytes'), '1048576')
  t.equal(inside(pids, 'pids.max'), '99')
  writeFileSync(join(memory, 'atelier-jobs', 'b', 'memory.usage_in_bytes'), '1000\n')
  writeFileSync(join(memory, 'atelier-jobs', 'b', 'memory.stat'), 'total_inactive_file 1\n')
  t.equal(cgroups.memory(folders), 999)
})

t.test('what no controller holds is left to each process', async (t) => {
  const place = t.testdir({})
  const some = new JobCgroups({ places: { version: 2, pids: place } })
  const { folders, left } = some.create('b', ALL)
  t.equal(folders.length, 1)
  t.same(left, { ...ALL, processes: null })
  t.same(new JobCgroups({ places: undefined }).create('b', ALL), { folders: [], left: ALL })
  t.same(processLimits(left), ['data 1024', 'nofile 500', 'nice 3'])
  t.same(processLimits({ ...NO_LIMITS, processes: 9, nice: 0 }), ['nproc 9'])
})

t.test('limits are read in the units of Posit, and ours', async (t) => {
  const limits = [
    { type: 'cpuCount', value: '1.5' },
    { type: 'memory', value: '2048' },
  ]
  t.same(readLimits(limits), { ...NO_LIMITS, cpus: 1.5, memoryBytes: 2 ** 31 })
  t.same(readLimits([]), NO_LIMITS)
  const ours = [
    { type: 'processes', value: '99' },
    { type: 'openFiles', value: '500' },
    { type: 'nice', value: '0' },
  ]
  t.same(readLimits(ours), { ...NO_LIMITS, processes: 99, openFiles: 500, nice: 0 })
  for (const type of ['constructor', '__proto__', 'gpu']) {
    t.throws(() => readLimits([{ type, value: '1' }]), { message: /not known/ }, type)
  }
  t.throws(() => readLimits([{ type: 'nice', value: '20' }]), { message: /from 0 to 19/ })
})

t.test('a limit is a number or refused', async () => {
  fc.assert(
    fc.property(fc.constantFrom(...LIMIT_TYPES), fc.string(), (type, value) => {
      try {
        const read = Object.values(readLimits([{ type, value }])).filter((each) => each !== null)
        return read.length === 1 && Number(read[0]) >= 0
      } catch (error) {
        return error instanceof Error && error.message.includes(type)
      }
    }),
  )
})
