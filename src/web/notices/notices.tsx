import type { ReactNode } from 'react'

/** What administrators have to say to everybody; above everything else of the home page. */
export function Notices(): ReactNode {
  return null
}
