import { Text, Textarea } from '@mantine/core'
import type { ReactNode } from 'react'
import { parseArguments } from './arguments.ts'
import styles from './new-job.module.css'

/** Arguments as one types them in a shell, with how they are understood. */
export function ArgumentsField({
  value,
  onChange,
  disabled,
  error,
}: {
  value: string
  onChange: (text: string) => void
  /** Why there are none; null if there may be. */
  disabled: string | null
  error: string | undefined
}): ReactNode {
  const { args, problem } = parseArguments(value)
  const told = error ?? problem
  return (
    <div>
      <Textarea
        label="Arguments (optional)"
        description={
          disabled ?? 'Split at spaces and line ends. Put what belongs together in quotes.'
        }
        disabled={disabled !== null}
        rows={2}
        spellCheck={false}
        autoComplete="off"
        maxLength={20_000}
        placeholder='--year 2026 --title "A report"'
        value={value}
        error={told}
        classNames={{ input: styles['mono'] ?? '' }}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
      {args.length > 0 && disabled === null && (
        <div className={styles['understood']}>
          <Text size="xs" c="dimmed" id="arguments-understood">
            {args.length === 1 ? '1 argument:' : `${args.length} arguments:`}
          </Text>
          <ol aria-labelledby="arguments-understood">
            {args.map((argument, n) => (
              <li key={`${n} ${argument}`}>
                <code>{argument === '' ? '(empty)' : argument}</code>
              </li>
            ))}
          </ol>
        </div>
      )}
    </div>
  )
}
