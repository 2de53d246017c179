import { z } from 'zod'
import { SIGN_IN_METHODS } from '../config/auth-table.ts'

/** How people sign in here, as the API answers it. */
export const waysAnswer = z
  .object({
    method: z
      .enum(SIGN_IN_METHODS)
      .describe('link: by a one-time link. pam: by name and password. proxied: by a proxy.'),
    signInUrl: z
      .string()
      .nullable()
      .describe('Where a proxy in front signs people in; null if nobody says so.'),
    signOutUrl: z
      .string()
      .nullable()
      .describe('Where one is led after signing out; null for the sign-in page.'),
  })
  .meta({ id: 'SignInWays', description: 'How people sign in.' })

/** The same as a type. */
export type SignInWays = Readonly<z.input<typeof waysAnswer>>
