import { z } from 'zod'
import { ROLES } from '../auth/role.ts'
import { waysAnswer } from './sign-in-ways.ts'

/** Who is signed in, and where, as the API answers it. */
export const meAnswer = z.object({
  user: z.string(),
  role: z
    .enum(ROLES)
    .describe('Administrators look after the nodes, and see and stop the sessions of all.'),
  host: z.string().describe('The name of the node.'),
  version: z.string().describe('Of Atelier.'),
  signIn: waysAnswer,
})

/** The same as a type. */
export type MeJson = Readonly<z.input<typeof meAnswer>>
