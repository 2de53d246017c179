import type { ReactNode } from 'react'

/** What the user has worked at lately; below the sessions of the home page. */
export function Projects(): ReactNode {
  return null
}
