import { Progress, Stack, Text } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import type { IdeStatus } from '../../ides/ide.ts'
import { IdeIcon } from '../ides/ide-icon.tsx'
import { CommandLine } from '../shell/command-line.tsx'
import styles from './ide-option.module.css'

/** One IDE as a card with a radio button; what to do about a missing one stands outside of its label. */
export function IdeOption({
  ide,
  chosen,
  onChoose,
}: {
  ide: IdeStatus
  chosen: boolean
  onChoose: () => void
}): ReactNode {
  const id = useId()
  const usable = ide.state === 'installed'
  return (
    <div className={styles['option']} data-chosen={chosen} data-usable={usable}>
      <label className={styles['label']}>
        <input
          type="radio"
          name="ide"
          value={ide.name}
          checked={chosen}
          disabled={!usable}
          autoFocus={chosen}
          data-autofocus={chosen || undefined}
          onChange={onChoose}
          aria-label={ide.title}
          aria-describedby={id}
        />
        <IdeIcon ide={ide.name} />
        <span>
          <Text component="span" fw={600} display="block">
            {ide.title}
          </Text>
          <Text component="span" size="sm" c="dimmed" id={id}>
            {describe(ide)}
          </Text>
        </span>
      </label>
      {ide.state === 'installing' && (
        <Progress
          value={ide.percent ?? 0}
          aria-label={`Installing ${ide.title}`}
          mt="sm"
          animated
        />
      )}
      {(ide.state === 'missing' || ide.state === 'failed') && (
        <Stack gap={6} mt="xs">
          {ide.message !== null && <Text size="sm">{ide.message}</Text>}
          {ide.mend !== null && <CommandLine command={ide.mend} />}
        </Stack>
      )}
    </div>
  )
}

function describe({ state, version, step, percent }: IdeStatus): string {
  switch (state) {
    case 'installed':
      return version === null ? 'Installed' : `Version ${version}`
    case 'installing':
      return [step ?? 'Installing', ...(percent === null ? [] : [`${Math.floor(percent)} %`])].join(
        ' · ',
      )
    case 'missing':
      return version === null ? 'Not installed' : `Version ${version} cannot be used`
    case 'failed':
      return 'Installation failed'
  }
}
