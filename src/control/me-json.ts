import { z } from 'zod'

/** Who is signed in, and where, as the API answers it. */
export const meAnswer = z.object({
  user: z.string(),
  host: z.string().describe('The name of the node.'),
  version: z.string().describe('Of Atelier.'),
})

/** The same as a type. */
export type MeJson = Readonly<z.input<typeof meAnswer>>
