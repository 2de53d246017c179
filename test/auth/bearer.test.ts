import fc from 'fast-check'
import t from 'tap'
import { bearerTokenHash, isOurBearer, newBearerToken, readBearer } from '../../src/auth/bearer.ts'

const characters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const token = fc
  .array(fc.constantFrom(...characters.split('')), { minLength: 43, maxLength: 43 })
  .map((letters) => `atl_${letters.join('')}`)
const scheme = fc
  .tuple(...'bearer'.split('').map((letter) => fc.constantFrom(letter, letter.toUpperCase())))
  .map((letters) => letters.join(''))

t.test('a token has 256 random bits behind a beginning that scanners can find', (t) => {
  const tokens = Array.from({ length: 100 }, newBearerToken)
  for (const each of tokens) t.match(each, /^atl_[\w-]{43}$/)
  t.equal(new Set(tokens.map((each) => bearerTokenHash(each).toString('hex'))).size, 100)
  t.end()
})

t.test('a token comes back from its header, however the scheme is written', (t) => {
  const spaces = fc.integer({ min: 1, max: 5 }).map((count) => ' '.repeat(count))
  fc.assert(
    fc.property(scheme, spaces, token, (word, space, text) => {
      t.equal(readBearer(`${word}${space}${text}`), text)
      t.ok(isOurBearer(`${word}${space}${text}`))
    }),
  )
  t.end()
})

t.test('what is read as a token has the form of one, stands in the header, and is ours', (t) => {
  const pieces = fc.constantFrom('Bearer', 'bearer', ' ', '\t', 'atl_', ',', '=', '"', 'token ')
  const anything = fc
    .array(fc.oneof(pieces, token, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 8 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(anything, fc.string({ unit: 'binary' })), (header) => {
      const read = readBearer(header)
      if (read === undefined) return
      t.match(read, /^atl_[A-Za-z0-9_-]{43}$/)
      t.ok(header.includes(read))
      t.ok(isOurBearer(header), 'so it never reaches an IDE')
    }),
    { numRuns: 1000 },
  )
  t.end()
})

t.test('other schemes and damaged tokens are no tokens; damaged ones are still ours', (t) => {
  const good = newBearerToken()
  const cases: [header: string, isOurs: boolean][] = [
    ['', false],
    [good, false],
    [`Basic ${good}`, false],
    [`token ${good}`, false],
    ['Bearer', false],
    ['Bearer of-the-browser', false],
    [`Bearer${good}`, false],
    [`Bearer ${good}x`, true],
    [`Bearer ${good.slice(0, -1)}`, true],
    [`Bearer ${good} ${good}`, true],
    [`Bearer ${good}, Bearer ${good}`, true],
    [`Bearer ${good.slice(0, -1)}é`, true],
    ['bEARER   atl_', true],
    [`Bearer\t${good}`, true],
  ]
  for (const [header, isOurs] of cases) {
    t.equal(readBearer(header), undefined, header)
    t.equal(isOurBearer(header), isOurs, header)
  }
  t.end()
})
