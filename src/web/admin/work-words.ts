import type { LivingJson } from '../../control/dashboard-json.ts'
import { JOB_KINDS } from '../../jobs/workbench-job.ts'
import { IDE_NAMES } from '../../sessions/session.ts'
import { IDE_TITLES } from '../ides/ide-titles.ts'
import { KIND_LOOKS } from '../jobs/job-kinds.ts'

/** What runs: the title of the IDE, or what kind of job. */
export function whatRuns({ what }: Pick<LivingJson, 'what'>): string {
  const ide = IDE_NAMES.find((each) => each === what)
  if (ide !== undefined) return IDE_TITLES[ide]
  const kind = JOB_KINDS.find((each) => each === what)
  return kind === undefined ? what : KIND_LOOKS[kind].title
}

/** What it is called, for a sentence: `the session “thesis” of alice`. */
export function workName({ kind, name, user, what }: LivingJson): string {
  return `the ${kind} ${name === null ? whatRuns({ what }) : `“${name}”`} of ${user}`
}
