import { Text } from '@mantine/core'
import { useId, type ReactNode } from 'react'
import type { Scope } from '../../auth/scopes.ts'
import formStyles from '../settings/settings.module.css'
import { SCOPE_WORDS } from './token-words.ts'
import styles from './tokens.module.css'

/** What a token may do: each scope with what it allows. */
export function ScopeChoice({
  scopes,
  onChange,
  problem,
}: {
  scopes: readonly Scope[]
  onChange: (scopes: readonly Scope[]) => void
  problem: string | null
}): ReactNode {
  const id = useId()
  return (
    <fieldset
      className={formStyles['group']}
      {...(problem !== null && { 'aria-describedby': `${id}-problem` })}
    >
      <legend className={formStyles['legend']}>It may</legend>
      {SCOPE_WORDS.map(({ scope, title, allows }) => (
        <label key={scope} className={styles['scope']}>
          <input
            type="checkbox"
            checked={scopes.includes(scope)}
            aria-label={title}
            aria-describedby={`${id}-${scope}`}
            onChange={({ currentTarget: { checked } }) =>
              onChange(
                SCOPE_WORDS.map((each) => each.scope).filter((each) =>
                  each === scope ? checked : scopes.includes(each),
                ),
              )
            }
          />
          <span>
            <Text component="span" size="sm" fw={600} display="block">
              {title}
            </Text>
            <Text component="span" size="sm" c="dimmed" id={`${id}-${scope}`}>
              {allows}
            </Text>
          </span>
        </label>
      ))}
      {problem !== null && (
        <Text size="sm" c="var(--mantine-color-error)" id={`${id}-problem`} role="alert">
          {problem}
        </Text>
      )}
    </fieldset>
  )
}
