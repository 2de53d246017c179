import { userInfo } from 'node:os'
import t from 'tap'
import type { StartPlugin } from '../../src/plugin-check/running-plugin.ts'
import { checkPlugin, SUITE } from '../../src/plugin-check/suite.ts'
import type { Verdict } from '../../src/plugin-check/verdict.ts'
import { BROKEN } from './faults.ts'
import { brokenStarter } from './fixtures/broken-plugin.ts'

t.jobs = 4

async function check(
  start: StartPlugin,
  only: readonly string[],
  timeout: number,
): Promise<readonly Verdict[]> {
  return checkPlugin({
    start,
    user: userInfo().username,
    timeout,
    flags: { pluginName: 'Broken', unprivileged: true, metricsIntervalSeconds: 1 },
    skip: [],
    only,
    onVerdict: () => undefined,
    signal: new AbortController().signal,
  })
}

t.test('every check has a broken plugin that it is meant to catch', async (t) => {
  const caught = new Set(BROKEN.map((broken) => broken.check))
  t.same(
    SUITE.map(({ name }) => name).filter((name) => !caught.has(name)),
    [],
  )
})

t.test('the same plugin without a fault fails none of the checks', async (t) => {
  const verdicts = await check(
    brokenStarter(() => ({})),
    [],
    60_000,
  )
  const failed = verdicts.filter(({ result }) => result === 'fail')
  t.same(failed, [])
  t.equal(verdicts.length, SUITE.length)
})

for (const { does, check: name, why, after = [], fault } of BROKEN) {
  t.test(`a plugin that ${does} is caught by ${name}`, async (t) => {
    const verdicts = await check(brokenStarter(fault), [...after, name], 4_000)
    const verdict = verdicts.at(-1)
    t.match(verdict, { name, result: 'fail', why })
  })
}
