import { Title } from '@mantine/core'
import type { ReactNode, RefObject } from 'react'
import { Link } from 'wouter'
import head from '../home/home-head.module.css'

const PAGES = [
  { to: '/admin', title: 'Dashboard' },
  { to: '/admin/history', title: 'History' },
  { to: '/admin/notices', title: 'Notices' },
  { to: '/cluster', title: 'Cluster' },
] as const

/** The title of a page of administrators, which the current tab shows. */
export type AdminTitle = (typeof PAGES)[number]['title']

/** The head of the pages of administrators: the ways to the others, and what can be done here. */
export function AdminHead({
  title,
  heading,
  children,
}: {
  title: AdminTitle
  heading: RefObject<HTMLHeadingElement | null>
  children?: ReactNode
}): ReactNode {
  return (
    <div className={head['head']}>
      <Title order={1} ref={heading} tabIndex={-1} className={head['title']}>
        {title}
      </Title>
      <nav aria-label="Administration" className={head['tabs']}>
        {PAGES.map((page) => (
          <Link
            key={page.to}
            href={page.to}
            className={head['tab'] ?? ''}
            aria-current={page.title === title ? 'page' : undefined}
          >
            {page.title}
          </Link>
        ))}
      </nav>
      <div className={head['actions']}>{children}</div>
    </div>
  )
}
