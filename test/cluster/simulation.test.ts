import t from 'tap'
import { alive, failed, inVirtualTime, META } from './cluster-of.ts'

// Of three members, each probes the two others in turn, so the dead one is probed within three periods.
const DETECTION_LIMIT_MS = 5000

t.test('a member that dies is failed for all others, in clusters of 2, 3, 10 and 30', async (t) => {
  for (const count of [2, 3, 10, 30]) {
    await inVirtualTime(async (cluster, time) => {
      await cluster.startAll(count)
      cluster.kill(`n${count - 1}`)
      const took = await time.until(() =>
        cluster.all.every((member) => member.get(`n${count - 1}`)?.state === 'failed'),
      )
      t.ok(took < DETECTION_LIMIT_MS, `${count} members: ${took} ms`)
      t.equal(cluster.events.filter((event) => event.includes('fail')).length, count - 1)
    })
  }
})

t.test('a suspicion runs out for those who only hear of it, though its accusers die', async (t) => {
  for (const seed of [1, 2, 3, 4]) {
    await inVirtualTime(
      async (cluster, time) => {
        await cluster.startAll(6)
        const suspecting = () =>
          cluster.all.filter((member) => member.get('n5')?.state === 'suspect')
        cluster.kill('n5')
        await time.until(() => suspecting().length > 0)
        const accusers = suspecting()
        await time.until(() => suspecting().length === cluster.all.length)
        for (const { local } of accusers) cluster.kill(local.name)
        const took = await time.until(() =>
          cluster.all.every((member) => member.get('n5')?.state === 'failed'),
        )
        t.ok(took <= 2000, `seed ${seed}: ${took} ms, without its ${accusers.length} accusers`)
      },
      { seed },
    )
  }
})

t.test(
  'both halves of a cut network serve on and find each other again by themselves',
  async (t) => {
    for (const [count, seed] of [
      [2, 1],
      [6, 2],
      [10, 3],
    ] as const) {
      await inVirtualTime(
        async (cluster, time, network) => {
          await cluster.startAll(count)
          const addresses = cluster.all.map(({ local }) => local.address)
          network.cut(addresses.slice(0, count / 2), addresses.slice(count / 2))
          await time.until(() => cluster.all.every((member) => failed(member).length === count / 2))
          t.ok(cluster.all.every((member) => alive(member).length === count / 2))
          await time.pass(300_000)
          network.heal()
          const took = await time.until(() => cluster.agrees())
          t.ok(took < 60_000, `${count} members: healed after ${took} ms`)
        },
        { seed },
      )
    }
  },
)

t.test('the halves find each other without seeds', async (t) => {
  await inVirtualTime(async (cluster, time, network) => {
    let seeds = [cluster.addressOf('n0')]
    await cluster.startAll(4, { seeds: () => seeds })
    seeds = []
    const addresses = cluster.all.map(({ local }) => local.address)
    network.cut(addresses.slice(0, 2), addresses.slice(2))
    await time.until(() => cluster.all.every((member) => failed(member).length === 2))
    await time.pass(60_000)
    network.heal()
    await time.until(() => cluster.agrees())
    t.pass('healed')
  })
})

t.test('at 20 % loss nobody is dead for long, and all agree when it ends', async (t) => {
  for (const seed of [1, 2, 3]) {
    await inVirtualTime(
      async (cluster, time, network) => {
        await cluster.startAll(10)
        network.loss = 0.2
        await time.pass(60_000)
        network.loss = 0
        await time.until(() => cluster.agrees())
        const deaths = cluster.events.filter((event) => event.includes('fail'))
        t.same(deaths, [], `no false death in 60 s, seed ${seed}`)
      },
      { seed },
    )
  }
})

t.test('news of a member reach all within a second', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    await cluster.startAll(30)
    cluster.members.get('n7')?.updateMeta({ sessions: 12, load: 0.5 })
    const took = await time.until(() =>
      cluster.all.every((member) => member.get('n7')?.meta.sessions === 12),
    )
    t.ok(took < 1000, `${took} ms`)
    t.same(cluster.members.get('n3')?.get('n7')?.meta, { ...META, sessions: 12, load: 0.5 })
  })
})

t.test(
  'a member that leaves is first leaving and then in no list, even when half is lost',
  async (t) => {
    await inVirtualTime(async (cluster, time, network) => {
      await cluster.startAll(5)
      const leaver = cluster.members.get('n4')
      leaver?.startLeaving()
      await time.until(() => cluster.all.every((member) => member.get('n4')?.state === 'leaving'))
      network.loss = 0.5
      const left = leaver?.leave()
      cluster.members.delete('n4')
      await time.until(() => cluster.all.every((member) => member.get('n4') === undefined))
      await left
      await time.pass(120_000)
      t.ok(
        cluster.all.every((member) => member.get('n4') === undefined),
        'and stays away',
      )
      t.equal(cluster.events.filter((event) => event.endsWith('leave n4')).length, 4)
      t.notOk(cluster.events.some((event) => event.endsWith('fail n4')))
    })
  },
)

t.test('who left may come back at the same address', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    await cluster.startAll(3)
    const left = cluster.members.get('n2')?.leave()
    await time.pass(1000)
    await left
    await cluster.start('n2', { bootId: 'second' })
    await time.until(() => cluster.agrees())
    t.equal(cluster.members.get('n0')?.get('n2')?.bootId, 'second')
  })
})

t.test('a restart that nobody missed is noticed by its boot id', async (t) => {
  await inVirtualTime(async (cluster, time, network) => {
    await cluster.startAll(3)
    cluster.kill('n2')
    await time.pass(200)
    network.revive(cluster.addressOf('n2'))
    await cluster.start('n2', { bootId: 'second', meta: { ...META, version: '0.2.0' } })
    await time.until(() => cluster.all.every((member) => member.get('n2')?.bootId === 'second'))
    t.ok(cluster.events.includes('n0: restart n2') && cluster.events.includes('n1: restart n2'))
    t.notOk(cluster.events.some((event) => event.includes('fail')))
    t.equal(cluster.members.get('n2')?.local.meta.version, '0.2.0', 'it keeps its own news')
    t.equal(cluster.members.get('n0')?.get('n2')?.meta.version, '0.2.0')
  })
})

t.test('a member that comes back with a clock that was set back is taken up again', async (t) => {
  await inVirtualTime(async (cluster, time, network) => {
    await cluster.startAll(3)
    for (let i = 0; i < 50; i++) cluster.members.get('n2')?.updateMeta({ sessions: i + 1 })
    await time.pass(1000)
    cluster.kill('n2')
    await time.until(() => cluster.all.every((member) => member.get('n2')?.state === 'failed'))
    network.revive(cluster.addressOf('n2'))
    const { clock } = time
    await cluster.start('n2', {
      bootId: 'second',
      clock: { wall: () => clock.wall() - 25_000, monotonic: () => clock.monotonic() },
    })
    await time.until(() => cluster.agrees())
    t.equal(cluster.members.get('n0')?.get('n2')?.bootId, 'second')
  })
})

t.test('a member whose clock is a minute off stays alone, and it is counted why', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    await cluster.startAll(2)
    const { clock } = time
    const late = await cluster.start('n2', {
      clock: { wall: () => clock.wall() - 60_000, monotonic: () => clock.monotonic() },
    })
    await time.pass(30_000)
    t.same(alive(late), ['n2'])
    t.ok((cluster.members.get('n0')?.counts().rejected['wrong-time'] ?? 0) > 0)
  })
})

t.test('the gone are forgotten in the end, and no longer told about', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    await cluster.startAll(3, { timing: { reapFailedAfter: 60_000, reapLeftAfter: 60_000 } })
    cluster.kill('n2')
    await time.until(() => cluster.all.every((member) => member.get('n2')?.state === 'failed'))
    const took = await time.until(() =>
      cluster.all.every((member) => member.get('n2') === undefined),
    )
    t.ok(took >= 50_000)
    await time.pass(60_000)
    t.ok(cluster.agrees())
    t.notOk(
      cluster.events.some((event) => event.includes('leave')),
      'a death is no leave',
    )
  })
})

t.test('a member whose own event loop lags suspects nobody until it runs again', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    let lag = 0
    const { clock } = time
    await cluster.startAll(2)
    const lagging = await cluster.start('n2', {
      clock: { wall: () => clock.wall(), monotonic: () => clock.monotonic() + lag },
    })
    await time.until(() => cluster.agrees())
    cluster.network.cut([cluster.addressOf('n0'), cluster.addressOf('n1')])
    for (let i = 0; i < 40; i++) {
      lag += 400
      await time.pass(400)
    }
    t.same(alive(lagging), ['n0', 'n1', 'n2'])
    await time.until(() => alive(lagging).length === 1)
    t.pass('it judges again')
  })
})

t.test('a member that stands still for 1.5 s is not taken for dead', async (t) => {
  for (const [count, seed] of [
    [2, 1],
    [3, 2],
    [10, 3],
  ] as const) {
    await inVirtualTime(
      async (cluster, time, network) => {
        await cluster.startAll(count)
        for (let i = 0; i < 5; i++) {
          network.kill(cluster.addressOf('n1'))
          await time.pass(1500)
          network.revive(cluster.addressOf('n1'))
          await time.pass(5000)
        }
        t.same(
          cluster.events.filter((event) => event.includes('fail')),
          [],
          `${count} members`,
        )
      },
      { seed },
    )
  }
})

t.test('a load that hardly changes is not told again', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    await cluster.startAll(2)
    await time.pass(10_000)
    let updates = 0
    cluster.members.get('n1')?.on('update', () => updates++)
    for (const load of [0.501, 0.502, 0.499, 0.5049]) {
      cluster.members.get('n0')?.updateMeta({ load })
      await time.pass(1000)
    }
    t.equal(updates, 1)
    t.equal(cluster.members.get('n1')?.get('n0')?.meta.load, 0.5)
  })
})

t.test('another node that takes our name later is told of, our own past is not', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    await cluster.startAll(2)
    await time.pass(1000)
    cluster.kill('n1')
    const moved = await cluster.start('n2', { name: 'n1', bootId: 'moved' })
    cluster.members.delete('n2')
    cluster.members.set('n1', moved)
    await time.until(() => cluster.members.get('n0')?.get('n1')?.bootId === 'moved')
    t.ok(cluster.events.includes('n0: restart n1'), 'the same name elsewhere is a restart')
    await time.pass(60_000)
    t.ok(cluster.agrees())
    t.notOk(cluster.events.some((event) => event.includes('conflict')))
    await cluster.start('n3', { name: 'n0', bootId: 'impostor' })
    await time.until(() => cluster.events.includes('n0: conflict n0'))
    t.equal(cluster.members.get('n0')?.get('n0')?.bootId, 'boot-of-n0')
  })
})

t.test('seeds are asked again, whatever goes wrong with them', async (t) => {
  await inVirtualTime(async (cluster, time) => {
    const problems: string[] = []
    let asked = 0
    await cluster.start('n0')
    await cluster.start('n1', {
      problem: (error) => problems.push(error.message),
      seeds: async () => {
        if (asked++ === 0) throw new Error('the database is away')
        return asked < 3 ? ['nonsense', 'nobody.invalid:7946'] : ['node-zero.example:7946']
      },
      lookup: async (name) => {
        if (name === 'nobody.invalid') throw new Error('ENOTFOUND')
        return [{ address: '10.0.0.1' }]
      },
    })
    await time.until(() => cluster.agrees())
    t.match(problems, [
      'the seeds of the cluster cannot be asked',
      'the seed "nonsense" is not understood: write host:port',
      'the seed "nobody.invalid:7946" has no address',
    ])
  })
})

t.test('whatever is cut and lost, all live views are equal some time after it heals', async (t) => {
  for (let seed = 10; seed < 14; seed++) {
    await inVirtualTime(
      async (cluster, time, network) => {
        await cluster.startAll(7)
        for (let round = 0; round < 4; round++) {
          const addresses = cluster.all.map(({ local }) => local.address)
          network.cut(
            addresses.filter(() => Math.random() < 0.5),
            addresses.filter(() => Math.random() < 0.5),
          )
          network.loss = Math.random() * 0.4
          await time.pass(Math.random() * 20_000)
          network.heal()
          await time.pass(Math.random() * 5000)
        }
        network.loss = 0
        const took = await time.until(() => cluster.agrees())
        t.ok(took < 60_000, `seed ${seed}: ${took} ms`)
      },
      { seed },
    )
  }
})
