import { Alert, Stack, Text } from '@mantine/core'
import { IconInfoCircle } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { ArgumentsField } from './arguments-field.tsx'
import { EnvironmentField } from './environment-field.tsx'
import { kindOf, type JobDraft } from './job-draft.ts'
import { MoreFields, RunFields } from './more-fields.tsx'
import styles from './new-job.module.css'
import type { JobForm } from './use-job-form.ts'
import type { JobChoices } from './job-choices.ts'
import { WhatFields } from './what-fields.tsx'

const HIDDEN = ['name', 'workingDirectory', 'webhook', 'environment'] as const

/** All that can be said of a job: what few need is folded away until it is wanted, or wrong. */
export function JobFields({
  form,
  choices,
  unknownValues,
}: {
  form: JobForm
  choices: JobChoices | undefined
  /** What is said while variables lack their values. */
  unknownValues: string
}): ReactNode {
  const { draft, change, problems } = form
  const missing = draft.environment.filter(({ name, value }) => name !== '' && value === '')
  const [opened, setOpened] = useState(
    () =>
      draft.environment.length > 0 || draft.name + draft.workingDirectory + draft.webhook !== '',
  )
  const mustOpen = HIDDEN.some((field) => problems[field] !== undefined)
  return (
    <Stack gap="md">
      <WhatFields
        draft={draft}
        onChange={change}
        commands={choices?.commands ?? []}
        problems={problems}
      />
      <ArgumentsField
        value={draft.args}
        onChange={(args) => change({ args })}
        disabled={withoutArguments(draft, choices)}
        error={problems.args}
      />
      <RunFields
        draft={draft}
        onChange={change}
        clusters={choices?.clusters ?? []}
        versions={form.versions}
        profile={form.profile}
        problems={problems}
      />
      <details
        className={styles['more']}
        open={opened || mustOpen}
        onToggle={(event) => setOpened(event.currentTarget.open)}
      >
        <summary>Name, environment, working directory and webhook</summary>
        <div className={styles['moreInner']}>
          <EnvironmentField
            value={draft.environment}
            onChange={(environment) => change({ environment })}
            error={problems.environment}
          />
          {missing.length > 0 && draft.environment.length > 0 && (
            <Alert color="var(--atelier-busy)" icon={<IconInfoCircle />} p="xs">
              <Text size="sm">
                {missing.map(({ name }) => name).join(', ')}{' '}
                {missing.length === 1 ? 'has no value' : 'have no values'} here. {unknownValues}
              </Text>
            </Alert>
          )}
          <MoreFields draft={draft} onChange={change} problems={problems} />
        </div>
      </details>
    </Stack>
  )
}

function withoutArguments(draft: JobDraft, choices: JobChoices | undefined): string | null {
  if (kindOf(draft) === 'notebook') return 'A notebook takes no arguments.'
  const command = choices?.commands.find(({ name }) => name === draft.command)
  return draft.what === 'command' && command?.arguments === false
    ? 'This command takes no arguments.'
    : null
}
