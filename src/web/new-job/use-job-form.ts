import { useState } from 'react'
import { jobVersions } from './job-versions.ts'
import { useProfileChoice, type ProfilesChoice } from '../new-session/profile-choice.tsx'
import { useVersionChoice, type VersionsChoice } from '../new-session/version-choice.tsx'
import {
  bodyOf,
  changesOf,
  draftLike,
  EMPTY_DRAFT,
  JOB_FIELDS,
  kindOf,
  problemsOf,
  type JobBody,
  type JobChanges,
  type JobDraft,
  type JobField,
  type KnownRequest,
} from './job-draft.ts'
import { toldProblems } from './told-problems.ts'

/** What is typed of a job, what is wrong with it, and what would be sent. */
export interface JobForm {
  readonly draft: JobDraft
  readonly change: (changes: Partial<JobDraft>) => void
  readonly versions: VersionsChoice
  readonly profile: ProfilesChoice
  /** By field; before the first attempt to send it, only what the server has said. */
  readonly problems: Partial<Record<JobField, string>>
  /** True if nothing is wrong; if something is, it is shown from then on. */
  readonly attempt: () => boolean
  /** What is to be sent for a new job. */
  readonly body: () => JobBody
  /** What is to be sent to change what is known of it. */
  readonly changes: (known: KnownRequest) => JobChanges
}

/** The state of the form of a job, which begins like another one if there is `like`; `error` is what the server has said last. */
export function useJobForm(like: KnownRequest | null, error: Error | null): JobForm {
  const [draft, setDraft] = useState(() => (like === null ? EMPTY_DRAFT : draftLike(like)))
  const [tried, setTried] = useState(false)
  const kind = kindOf(draft)
  const versions = useVersionChoice((language, all) => jobVersions(kind, language, all), like)
  const profile = useProfileChoice(like?.profile ?? null)
  const chosen = { ...versions.wanted, profile: profile.wanted }
  const found = problemsOf(draft)
  const told = toldProblems(error, JOB_FIELDS).fields
  return {
    draft,
    change: (changes) => setDraft((before) => ({ ...before, ...changes })),
    versions,
    profile,
    problems: tried ? { ...told, ...found } : told,
    attempt: () => {
      setTried(true)
      if (Object.keys(found).length > 0) return false
      versions.remember()
      return true
    },
    body: () => bodyOf(draft, chosen),
    changes: (known) => changesOf(draft, known, chosen),
  }
}
