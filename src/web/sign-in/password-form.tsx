import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useEffect, useRef, type FormEvent, type ReactNode } from 'react'
import styles from './password-form.module.css'
import { SignInProblem } from './sign-in-problem.tsx'
import type { SignInAttempt } from './use-sign-in.ts'

/** Asks for the name and the password of an account. */
export function PasswordForm({
  error,
  working,
  onSubmit,
}: {
  error: Error | null
  working: boolean
  onSubmit: (attempt: SignInAttempt) => void
}): ReactNode {
  const user = useRef<HTMLInputElement>(null)
  const password = useRef<HTMLInputElement>(null)
  useEffect(() => user.current?.focus({ preventScroll: true }), [])
  useEffect(() => {
    // What was wrong is to be typed again, most likely the password.
    if (error !== null) password.current?.select()
  }, [error])

  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault()
    if (working) return
    // From the fields themselves, which a password manager may have filled without telling.
    const fields = new FormData(event.currentTarget)
    const [name, secret] = [fields.get('user'), fields.get('password')]
    if (typeof name !== 'string' || typeof secret !== 'string') return
    if (name.trim() === '') return user.current?.focus()
    if (secret === '') return password.current?.focus()
    onSubmit({ by: 'password', user: name.trim(), password: secret })
  }

  return (
    <form onSubmit={submit} method="post" action="/sign-in" aria-label="Sign in">
      <Stack gap="md">
        {error !== null && <SignInProblem error={error} />}
        <TextInput
          ref={user}
          label="User name"
          name="user"
          required
          withAsterisk={false}
          maxLength={256}
          autoComplete="username"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
        />
        <PasswordInput
          ref={password}
          label="Password"
          name="password"
          required
          withAsterisk={false}
          maxLength={4096}
          autoComplete="current-password"
          classNames={{ input: styles['password'] ?? '', innerInput: styles['inner'] ?? '' }}
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password', tabIndex: 0 }}
        />
        <Button type="submit" loading={working}>
          Sign in
        </Button>
      </Stack>
    </form>
  )
}
