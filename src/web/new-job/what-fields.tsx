import { NativeSelect, Radio, Stack, Group } from '@mantine/core'
import type { ReactNode } from 'react'
import { JOB_KINDS } from '../../jobs/workbench-job.ts'
import { kindOfFile } from '../files/runnable.ts'
import { KIND_LOOKS } from '../jobs/job-kinds.ts'
import { folderOf, type JobDraft, type JobField } from './job-draft.ts'
import { PathField } from './path-field.tsx'
import type { JobChoices } from './job-choices.ts'

const FILE_KINDS = JOB_KINDS.filter((kind) => kind !== 'command')

/** Asks what is to be run: a file, or a command that is allowed, if there are any. */
export function WhatFields({
  draft,
  onChange,
  commands,
  problems,
}: {
  draft: JobDraft
  onChange: (changes: Partial<JobDraft>) => void
  commands: JobChoices['commands']
  problems: Partial<Record<JobField, string>>
}): ReactNode {
  const { what, script, kind, command } = draft
  const mustSay = script.trim() !== '' && !script.endsWith('/') && kindOfFile(script) === null
  return (
    <Stack gap="sm">
      {(commands.length > 0 || what === 'command') && (
        <Radio.Group
          label="What to run"
          value={what}
          onChange={(value) => onChange({ what: value === 'command' ? 'command' : 'file' })}
        >
          <Group mt={6} gap="lg">
            <Radio value="file" label="A file of mine" />
            <Radio value="command" label="A command of the server" />
          </Group>
        </Radio.Group>
      )}
      {what === 'file' && (
        <PathField
          wanted="script"
          label="Script or notebook"
          placeholder="/home/…/analysis.R"
          value={script}
          start={script.startsWith('/') ? folderOf(script) : null}
          openedFirst={script === ''}
          onChange={(path) => onChange({ script: path })}
          error={problems.script}
        />
      )}
      {what === 'file' && (mustSay || kind !== null) && (
        <NativeSelect
          label="What the file is"
          description="The ending of its name does not tell."
          data={[
            { value: '', label: 'Choose…' },
            ...FILE_KINDS.map((value) => ({ value, label: KIND_LOOKS[value].title })),
          ]}
          value={kind ?? ''}
          error={problems.kind}
          onChange={({ currentTarget: { value } }) =>
            onChange({ kind: FILE_KINDS.find((each) => each === value) ?? null })
          }
        />
      )}
      {what === 'command' && (
        <NativeSelect
          label="Command"
          data={[
            { value: '', label: 'Choose…' },
            ...commands.map(({ name, title }) => ({ value: name, label: title })),
            ...(command === '' || commands.some(({ name }) => name === command)
              ? []
              : [{ value: command, label: `${command} (no longer offered)` }]),
          ]}
          value={command}
          error={problems.command}
          onChange={(event) => onChange({ command: event.currentTarget.value })}
        />
      )}
    </Stack>
  )
}
