import t from 'tap'
import type { MeasuredUse } from '../../src/history/living-work.ts'
import { NoteUsage } from '../../src/tasks/note-usage.ts'
import { session } from '../fixtures/session.ts'

t.test(
  'a node writes what its own sessions and jobs use, and the last of what has just ended',
  async (t) => {
    const now = Date.parse('2026-01-01T13:00:00Z')
    const written: MeasuredUse[][] = []
    const ended = (seconds: number) => new Date(now - seconds * 1000)
    const task = new NoteUsage({
      node: 'node-1',
      locations: {
        all: () => [
          session({ id: 'own', jobId: 'l1', epoch: 2, state: 'Active' }),
          session({ id: 'unmeasured', jobId: 'l2', state: 'Active' }),
          session({ id: 'elsewhere', jobId: 'l3', node: 'node-2', state: 'Active' }),
          session({ id: 'just', jobId: 'l4', state: 'Stopped', stateAt: ended(5) }),
          session({ id: 'before', jobId: 'l5', state: 'Stopped', stateAt: ended(60) }),
        ],
      },
      usage: {
        of: ({ jobId }) =>
          jobId === null || jobId === 'l2'
            ? undefined
            : { id: jobId, cpuPercent: 5, cpuSeconds: 7, residentBytes: 9, terminalPrograms: null },
      },
      living: { note: async (uses) => void written.push([...uses]) },
      jobs: async () => [
        { id: 'job', epoch: 1, jobId: 'l6' },
        { id: 'waits', epoch: 1, jobId: null },
      ],
      now: () => now,
    })
    await task.activate()
    const use = { cpuPercent: 5, cpuSeconds: 7, memoryBytes: 9 }
    t.strictSame(written, [
      [
        { kind: 'session', id: 'own', epoch: 2, ...use },
        { kind: 'session', id: 'just', epoch: 1, ...use },
        { kind: 'job', id: 'job', epoch: 1, ...use },
      ],
    ])
  },
)
