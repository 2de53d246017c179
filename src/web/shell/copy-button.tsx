import { Button } from '@mantine/core'
import { useTimeout } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { copyText } from './copy-text.ts'

/** Copies a text; `label` says what, and the outcome takes its place for two seconds. */
export function CopyButton({
  text,
  label,
  size = 'compact-md',
}: {
  text: string
  label: string
  size?: 'compact-md' | 'sm'
}): ReactNode {
  const [outcome, setOutcome] = useState<'copied' | 'failed' | null>(null)
  const { start } = useTimeout(() => setOutcome(null), 2000)

  const copy = async (): Promise<void> => {
    setOutcome((await copyText(text)) ? 'copied' : 'failed')
    start()
  }

  return (
    <Button
      variant="default"
      size={size}
      fz="sm"
      leftSection={outcome === 'copied' ? <IconCheck size={16} /> : <IconCopy size={16} />}
      onClick={() => void copy()}
      aria-live="polite"
    >
      {outcome === 'copied' ? 'Copied' : outcome === 'failed' ? 'Select and copy by hand' : label}
    </Button>
  )
}
