import { Badge, Button, Text, VisuallyHidden } from '@mantine/core'
import { IconAlertTriangle, IconTrash } from '@tabler/icons-react'
import { useState, type ReactNode } from 'react'
import { formatAgo, formatDay } from '../format/format-time.ts'
import { useNow } from '../live/use-now.ts'
import { Cell } from '../shell/card-cell.tsx'
import card from '../shell/card-table.module.css'
import { RevokeDialog } from './revoke-dialog.tsx'
import styles from './tokens.module.css'
import { expiryOf, SCOPE_WORDS } from './token-words.ts'
import type { TokenView } from './token-view.ts'

const COLUMNS = ['Name', 'Allows', 'Created', 'Expires', 'Last used'] as const

/** The tokens; on a narrow screen cards. */
export function TokenTable({
  tokens,
  onFocusLost,
}: {
  tokens: readonly TokenView[]
  onFocusLost: () => void
}): ReactNode {
  const now = useNow(30_000)
  const [revoking, setRevoking] = useState<TokenView | null>(null)
  const [asking, setAsking] = useState(false)
  return (
    <>
      <table role="table" className={card['table']} aria-label="API tokens">
        <thead role="rowgroup" className={card['head']}>
          <tr role="row">
            {COLUMNS.map((column) => (
              <th role="columnheader" scope="col" key={column}>
                {column}
              </th>
            ))}
            <th role="columnheader" scope="col">
              <VisuallyHidden>Actions</VisuallyHidden>
            </th>
          </tr>
        </thead>
        <tbody role="rowgroup">
          {tokens.map((token) => (
            <tr role="row" key={token.id} className={card['row']} aria-label={token.name}>
              <td role="cell" className={card['wide']}>
                <Text component="span" fw={600}>
                  {token.name}
                </Text>
              </td>
              <Cell label="Allows">
                <Scopes token={token} />
              </Cell>
              <Cell label="Created">{formatDay(token.createdAt)}</Cell>
              <Cell label="Expires">
                <Expiry token={token} now={now} />
              </Cell>
              <Cell label="Last used">
                {token.lastUsedAt === null
                  ? 'Never'
                  : formatAgo(now - Date.parse(token.lastUsedAt))}
              </Cell>
              <td role="cell" className={card['actions']}>
                <Button
                  size="compact-md"
                  fz="sm"
                  variant="default"
                  leftSection={<IconTrash size={16} />}
                  aria-label={`Revoke ${token.name}`}
                  onClick={() => {
                    setRevoking(token)
                    setAsking(true)
                  }}
                >
                  Revoke
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {revoking !== null && (
        <RevokeDialog
          token={revoking}
          opened={asking}
          onClose={() => setAsking(false)}
          onGone={() => {
            setRevoking(null)
            onFocusLost()
          }}
        />
      )}
    </>
  )
}

function Scopes({ token }: { token: TokenView }): ReactNode {
  return (
    <span className={styles['scopes']}>
      {SCOPE_WORDS.filter(({ scope }) => token.scopes.includes(scope)).map(
        ({ scope, title, allows }) => (
          <Badge
            key={scope}
            variant="outline"
            color="gray"
            c="var(--mantine-color-text)"
            tt="none"
            title={allows}
          >
            {title}
          </Badge>
        ),
      )}
    </span>
  )
}

function Expiry({ token, now }: { token: TokenView; now: number }): ReactNode {
  const expiry = expiryOf(token, now)
  if (token.expiresAt === null) return 'Never'
  const day = formatDay(token.expiresAt)
  if (expiry === 'later') return day
  return (
    <span className={styles['expiry']} data-expiry={expiry}>
      <IconAlertTriangle size={16} aria-hidden />
      {expiry === 'expired' ? `Expired ${day}` : `Soon: ${day}`}
    </span>
  )
}
