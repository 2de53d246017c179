import t from 'tap'
import { z } from 'zod'
import { rightValue } from '../../src/config/right-value.ts'

t.test('what a value must be, in words', (t) => {
  const cases: [schema: z.ZodType, right: string, unit?: string][] = [
    [z.int().min(0).max(9), 'a whole number from 0 to 9'],
    [z.number().positive().max(5), 'a number of seconds above 0, up to 5', 'seconds'],
    [z.number(), 'a number'],
    [z.boolean(), 'true or false'],
    [z.enum(['a', 'b']), 'one of "a", "b"'],
    [z.string(), 'a text in quotes'],
    [z.string().min(1), 'a text in quotes that is not empty'],
    [z.string().max(9), 'a text in quotes of 0 to 9 characters'],
    [z.array(z.string().min(1)), 'a list in brackets, each a text in quotes that is not empty'],
    [z.array(z.int().min(1).max(2)), 'a list in brackets, each a whole number from 1 to 2'],
    [z.strictObject({}), 'a table'],
    [z.boolean().default(true), 'true or false'],
  ]
  for (const [schema, right, unit] of cases) {
    t.equal(rightValue(z.toJSONSchema(schema), unit), right)
  }
  t.end()
})
