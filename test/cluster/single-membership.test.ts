import t from 'tap'
import { place, SingleMembership } from '../../cluster/index.ts'
import { memberOf, META } from './cluster-of.ts'

t.test('a cluster of one has its one member, and places sessions on it', async (t) => {
  const membership = new SingleMembership(memberOf('only'))
  await membership.join()
  t.same(membership.members(), [membership.local])
  t.equal(membership.get('only'), membership.local)
  t.equal(membership.get('other'), undefined)
  membership.updateMeta({ sessions: 3 })
  t.same(membership.local.meta, { ...META, sessions: 3 })
  const request = { user: 'ada', seed: 's' }
  t.equal(place('sessions', membership.members(), request)?.name, 'only')
  membership.startLeaving()
  t.equal(membership.local.state, 'leaving')
  t.equal(place('sessions', membership.members(), request), undefined)
  await membership.leave()
  t.equal(membership.counts().received, 0)
  t.equal(membership.roundTrip(), undefined)
})
