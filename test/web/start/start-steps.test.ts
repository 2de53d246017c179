import t from 'tap'
import type { SessionState } from '../../../src/sessions/session.ts'
import { startSteps } from '../../../src/web/start/start-steps.ts'

t.test('the steps show how far a start is', async (t) => {
  const cases: [SessionState, version: number, hasOutput: boolean, statuses: string][] = [
    ['Starting', 1, false, 'done current waiting waiting'],
    ['Starting', 2, false, 'done done current waiting'],
    ['Starting', 1, true, 'done done current waiting'],
    ['Active', 4, true, 'done done done done'],
    ['Idle', 9, false, 'done done done done'],
    ['Failed', 1, false, 'done failed waiting waiting'],
    ['Failed', 3, true, 'done done failed waiting'],
  ]
  for (const [state, version, hasOutput, statuses] of cases) {
    const steps = startSteps({ state, version }, 'JupyterLab', hasOutput)
    t.equal(steps.map(({ status }) => status).join(' '), statuses, `${state} ${version}`)
    t.equal(steps[2]?.label, 'Starting JupyterLab')
  }
})
