import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { useMe } from '../api/queries.ts'
import { Section } from './section.tsx'
import styles from './settings.module.css'

/** What this is and where, and the ways to its API. */
export function AboutSection(): ReactNode {
  const me = useMe().data
  return (
    <>
      <Section title="API">
        <div>
          Scripts use Atelier through its API with a token of their own:{' '}
          <Link href="/tokens">API tokens</Link>. What it can do is in its{' '}
          <a href="/api/v1/openapi.json" target="_blank" rel="noopener">
            OpenAPI document
          </a>
          .
        </div>
      </Section>
      <Section title="About">
        <dl className={styles['facts']}>
          <dt>Version</dt>
          <dd>Atelier {me?.version ?? '…'}</dd>
          <dt>Server</dt>
          <dd>{me?.host ?? '…'}</dd>
          <dt>Signed in as</dt>
          <dd>{me?.user ?? '…'}</dd>
          <dt>Settings</dt>
          <dd>Kept in this browser only.</dd>
        </dl>
      </Section>
    </>
  )
}
