import { counted, type BulkWords } from '../list/bulk.ts'
import type { BulkAction } from './bulk-action.ts'

/** What a bulk action is called on its button, before and after. */
export const BULK_WORDS: Readonly<Record<BulkAction, BulkWords>> = {
  stop: {
    button: 'Stop',
    doing: 'Stopping',
    done: 'told to stop',
    outcome: 'Each IDE is given time to save and end. This cannot be undone.',
    isDangerous: true,
    isRed: false,
  },
  force: {
    button: 'Force stop',
    doing: 'Stopping',
    done: 'told to stop at once',
    outcome:
      'They end at once, without a chance to save. Anything not saved in them is lost. This cannot be undone.',
    isDangerous: true,
    isRed: true,
  },
  remove: {
    button: 'Remove',
    doing: 'Removing',
    done: 'removed',
    outcome: 'They leave this list, with their logs. Your files are kept. This cannot be undone.',
    isDangerous: false,
    isRed: true,
  },
}

/** How many sessions, in words: `1 session`, `12 sessions`. */
export function sessionCount(count: number): string {
  return counted('session', count)
}
