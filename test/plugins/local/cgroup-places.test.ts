import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import t from 'tap'
import { cgroupPlaces } from '../../../src/plugins/local/cgroup-places.ts'
import { JobCgroups } from '../../../src/plugins/local/job-cgroups.ts'
import { readLimits } from '../../../src/plugins/local/limits.ts'

const V1 = `32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu,cpuacct
35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
40 31 0:40 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw`
const V2 = '29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate'

t.test('the cgroups of this process are found', async (t) => {
  const cases: [string, string, string, object | undefined][] = [
    [
      'version 1, and version 2 without controllers beside it',
      '4:memory:/a/b\n1:cpu,cpuacct:/\n0::/x',
      V1,
      { version: 1, memory: '/sys/fs/cgroup/memory/a/b', cpu: '/sys/fs/cgroup/cpu' },
    ],
    [
      'version 2',
      '0::/system.slice/atelier-launcher.service',
      V2,
      {
        version: 2,
        memory: '/sys/fs/cgroup/system.slice/atelier-launcher.service',
        cpu: '/sys/fs/cgroup/system.slice/atelier-launcher.service',
      },
    ],
    [
      'version 2, after we made room there ourselves',
      '0::/system.slice/a.service/atelier-launcher',
      V2,
      {
        version: 2,
        memory: '/sys/fs/cgroup/system.slice/a.service',
        cpu: '/sys/fs/cgroup/system.slice/a.service',
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
    t.same(cgroupPlaces(own, mounts), expected, name)
})

t.test('whatever the kernel may write, nothing is thrown', async () => {
  const line = fc.oneof(fc.string(), fc.constantFrom(...V1.split('\n'), V2, '0::/x', '4:memory:/a'))
  const text = fc.array(line).map((lines) => lines.join('\n'))
  fc.assert(fc.property(text, text, (own, mounts) => void cgroupPlaces(own, mounts)))
})

t.test('limits of version 2 are written as cgroups(7) wants them', async (t) => {
  const place = t.testdir({})
  const cgroups = new JobCgroups({ places: { version: 2, memory: place, cpu: place } })
  const [folder = ''] = cgroups.create('b', { cpus: 1.5, memoryBytes: 1 << 20 })
  const read = (...path: string[]) => readFileSync(join(place, ...path), 'utf8')
  t.equal(folder, join(place, 'atelier-jobs', 'b'))
  t.equal(read('atelier-jobs', 'b', 'cpu.max'), '150000 100000')
  t.equal(read('atelier-jobs', 'b', 'memory.max'), '1048576')
  t.equal(read('atelier-jobs', 'cgroup.subtree_control'), '+cpu +memory')
  writeFileSync(join(folder, 'memory.events'), 'low 0\nmax 3\noom 1\noom_kill 2\n')
  t.equal(cgroups.outOfMemory([folder]), 2)
})

t.test('limits are read in the units of Posit', async (t) => {
  const limits = [
    { type: 'cpuCount', value: '1.5' },
    { type: 'memory', value: '2048' },
  ]
  t.same(readLimits(limits), { cpus: 1.5, memoryBytes: 2 ** 31 })
  t.same(readLimits([]), { cpus: null, memoryBytes: null })
})

t.test('a limit is a number above 0 or refused', async () => {
  fc.assert(
    fc.property(fc.constantFrom('cpuCount', 'memory'), fc.string(), (type, value) => {
      try {
        const { cpus, memoryBytes } = readLimits([{ type, value }])
        return (cpus ?? memoryBytes ?? 0) > 0
      } catch (error) {
        return error instanceof Error && error.message.includes(type)
      }
    }),
  )
})
