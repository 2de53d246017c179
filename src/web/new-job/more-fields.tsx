import { NativeSelect, TextInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { ProfileChoice, type ProfilesChoice } from '../new-session/profile-choice.tsx'
import { VersionChoice, type VersionsChoice } from '../new-session/version-choice.tsx'
import { baseName, folderOf, type JobDraft, type JobField } from './job-draft.ts'
import styles from './new-job.module.css'
import { PathField } from './path-field.tsx'
import type { JobChoices } from './job-choices.ts'

/** With what and where a job runs, as long as that is not as usual. */
export function RunFields({
  draft,
  onChange,
  clusters,
  versions,
  profile,
  problems,
}: {
  draft: JobDraft
  onChange: (changes: Partial<JobDraft>) => void
  clusters: JobChoices['clusters']
  versions: VersionsChoice
  profile: ProfilesChoice
  problems: Partial<Record<JobField, string>>
}): ReactNode {
  const usual = clusters.find(({ isDefault }) => isDefault)?.name ?? clusters[0]?.name ?? ''
  const cluster = draft.cluster ?? usual
  const offered = clusters.map(({ name, available }) => ({
    value: name,
    label: available ? name : `${name} (does not answer now)`,
  }))
  const isOffered = clusters.some(({ name }) => name === cluster)
  const isNeeded = clusters.length > 1 || draft.cluster !== null || profile.wanted !== null
  return (
    <>
      <VersionChoice choice={versions} />
      {isNeeded && (
        <div className={styles['fields']}>
          {(clusters.length > 1 || draft.cluster !== null) && (
            <NativeSelect
              label="Cluster"
              description="Where the job runs."
              data={[...offered, ...(isOffered ? [] : [{ value: cluster, label: cluster }])]}
              value={cluster}
              error={problems.cluster}
              onChange={({ currentTarget: { value } }) =>
                onChange({ cluster: value === usual ? null : value })
              }
            />
          )}
          <ProfileChoice choice={profile} what="job" error={problems.profile} />
        </div>
      )}
    </>
  )
}

/** What few jobs need: a name, a folder and an address to be told at. */
export function MoreFields({
  draft,
  onChange,
  problems,
}: {
  draft: JobDraft
  onChange: (changes: Partial<JobDraft>) => void
  problems: Partial<Record<JobField, string>>
}): ReactNode {
  const { what, script, command, workingDirectory } = draft
  const runs = what === 'file' ? script.trim() : command
  return (
    <>
      <TextInput
        label="Name"
        description="What the job is called in lists."
        placeholder={baseName(runs) || 'The name of the file'}
        maxLength={100}
        value={draft.name}
        error={problems.name}
        onChange={(event) => onChange({ name: event.currentTarget.value })}
      />
      <PathField
        wanted="folder"
        label="Working directory"
        description="Where the job begins; relative paths in it begin there too."
        placeholder={
          what === 'file' && script.startsWith('/') ? folderOf(script.trim()) : 'Your home folder'
        }
        value={workingDirectory}
        start={
          workingDirectory.startsWith('/')
            ? workingDirectory
            : script.startsWith('/')
              ? folderOf(script)
              : null
        }
        onChange={(path) => onChange({ workingDirectory: path })}
        error={problems.workingDirectory}
      />
      <TextInput
        type="url"
        label="Webhook"
        description="An address that is told when the job has ended."
        placeholder="https://chat.example.org/hooks/…"
        spellCheck={false}
        autoComplete="off"
        maxLength={2000}
        value={draft.webhook}
        error={problems.webhook}
        onChange={(event) => onChange({ webhook: event.currentTarget.value })}
      />
    </>
  )
}
