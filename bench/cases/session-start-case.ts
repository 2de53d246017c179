import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { ApiUser, SessionAnswer } from '../../test/fixtures/api.ts'
import { percentile } from '../report/statistics.ts'
import { SessionEvents } from '../session-start/session-events.ts'
import {
  type Moments,
  overhead,
  type Start,
  standInMoments,
} from '../session-start/stand-in-moments.ts'
import { startWholeAtelier } from '../session-start/started-atelier.ts'
import type { BenchCase } from './bench-case.ts'

/** From the click to the event that the session can be used, less the IDE's own time, one start after the other. */
export const sessionStartCase: BenchCase = {
  name: 'session-start',
  async run({ workplace, effort, say }) {
    say('starting a whole Atelier')
    const atelier = await startWholeAtelier(workplace)
    const events = await SessionEvents.open(atelier.user)
    // The first one fills caches, and compiles.
    await startOne(atelier.user, events, atelier.moments)
    const starts: Start[] = []
    for (let index = 1; index <= effort.starts; index++) {
      say(`start ${index} of ${effort.starts}`)
      starts.push(await startOne(atelier.user, events, atelier.moments))
    }
    events.close()
    await atelier.stop()
    const parts = starts.map(overhead)
    const figure = (name: string, values: readonly number[], percent: number) => ({
      name: `${name}, p${percent}`,
      value: percentile(values, percent),
      unit: 'ms',
    })
    const totals = parts.map(({ total }) => total)
    return {
      benchmark: 'session-start',
      title: `session-start: ${starts.length} starts of an IDE that is ready at once`,
      unit: 'starts',
      series: [],
      figures: [
        figure('overhead', totals, 50),
        figure('overhead', totals, 99),
        figure(
          '  click until the IDE runs',
          parts.map(({ before }) => before),
          50,
        ),
        figure(
          '  IDE can answer until the browser knows',
          parts.map(({ after }) => after),
          50,
        ),
        figure(
          "the IDE's own time",
          starts.map((start) => start.answering - start.executed),
          50,
        ),
      ],
    }
  },
}

async function startOne(user: ApiUser, events: SessionEvents, directory: string): Promise<Start> {
  const clicked = performance.timeOrigin + performance.now()
  const { status, body } = await user.ask<SessionAnswer>('POST', '/api/v1/sessions', {
    ide: 'jupyterlab',
  })
  if (status !== 201) throw new Error(`the start was refused: ${JSON.stringify(body)}`)
  const active = await events.reached(body.id, 'Active')
  const moments = JSON.parse(readFileSync(standInMoments(directory, body.id), 'utf8')) as Moments
  await user.ask('DELETE', `/api/v1/sessions/${body.id}?force=true`)
  await events.reached(body.id, 'Stopped')
  // A user does not start the next one in the same instant either.
  await delay(100)
  return { clicked, active, ...moments }
}
