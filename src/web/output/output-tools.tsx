import { Button, Group, Text, TextInput } from '@mantine/core'
import { IconArrowBarToDown, IconDownload, IconTextWrap } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import type { OutputSize } from './output-line.ts'
import { askedLine, sizeWords } from './output-words.ts'
import styles from './output.module.css'
import { pathOf } from './use-job-output.ts'

/** What can be done with the output beside reading and searching it. */
export function OutputTools({
  jobId,
  size,
  wrap,
  onWrap,
  following,
  onFollow,
  onLine,
}: {
  jobId: string
  size: OutputSize
  wrap: boolean
  onWrap: (wrap: boolean) => void
  following: boolean
  onFollow: (follow: boolean) => void
  onLine: (line: number) => void
}): ReactNode {
  const [line, setLine] = useState('')
  return (
    <Group gap={6} className={styles['tools']}>
      <Text size="sm" c="dimmed" className={styles['size']}>
        {sizeWords(size)}
      </Text>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const asked = askedLine(line, size.lines)
          if (asked === null) return
          setLine('')
          onLine(asked)
        }}
      >
        <TextInput
          size="sm"
          w="7rem"
          inputMode="numeric"
          aria-label="Go to line"
          placeholder="Go to line"
          value={line}
          error={line !== '' && askedLine(line, size.lines) === null}
          onChange={({ currentTarget: { value } }) => setLine(value)}
        />
      </form>
      <Toggle label="Wrap" icon={<IconTextWrap size={16} />} on={wrap} onChange={onWrap} />
      {!size.complete && (
        <Toggle
          label="Follow"
          icon={<IconArrowBarToDown size={16} />}
          on={following}
          onChange={onFollow}
        />
      )}
      <Button
        component="a"
        href={`/api/v1${pathOf(jobId)}/output?download=true`}
        download
        variant="default"
        size="sm"
        px="sm"
        leftSection={<IconDownload size={16} />}
      >
        Download
      </Button>
    </Group>
  )
}

function Toggle({
  label,
  icon,
  on,
  onChange,
}: {
  label: string
  icon: ReactNode
  on: boolean
  onChange: (on: boolean) => void
}): ReactNode {
  return (
    <Button
      variant={on ? 'filled' : 'default'}
      size="sm"
      px="sm"
      leftSection={icon}
      aria-pressed={on}
      onClick={() => onChange(!on)}
    >
      {label}
    </Button>
  )
}
