import fc from 'fast-check'
import t from 'tap'
import { argumentsText, parseArguments } from '../../../src/web/new-job/arguments.ts'

t.test('arguments are split as a shell splits words', async (t) => {
  const cases: [text: string, args: string[]][] = [
    ['', []],
    ['  \n\t ', []],
    ['a  b\nc', ['a', 'b', 'c']],
    ['--title "A report" --empty ""', ['--title', 'A report', '--empty', '']],
    [`'it''s' "a \\"b\\" \\n"`, ['its', 'a "b" \\n']],
    [`a\\ b c\\`, ['a b', 'c\\']],
    [`x='$HOME *'`, ['x=$HOME *']],
  ]
  for (const [text, args] of cases) t.same(parseArguments(text), { args, problem: null }, text)
})

t.test('a quote that is not closed is told', async (t) => {
  t.match(parseArguments('a "b c').problem, /double quote/)
  t.match(parseArguments("a 'b c").problem, /single quote/)
})

t.test('any arguments come back from the text that is made of them', async (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (args) => {
      t.same(parseArguments(argumentsText(args)), { args, problem: null })
    }),
    { numRuns: 200 },
  )
  t.equal(argumentsText(['--year', 'A report', '']), '--year "A report" ""', 'and it is readable')
})
