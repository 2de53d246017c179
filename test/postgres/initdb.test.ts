import t from 'tap'
import { initdbError } from '../../src/postgres/initdb.ts'

t.test('a full disk is told in one sentence, anything else in the words of initdb', (t) => {
  const full =
    'creating files ... initdb: error: could not write: No space left on device\nremoving'
  t.match(initdbError(full, '/data/postgres'), {
    code: 'DISK_FULL',
    message: 'The disk that holds /data/postgres is full. Free some space and start again.',
  })
  const other = initdbError('no such locale', '/data/postgres')
  t.equal(other.message, 'initdb failed: no such locale')
  t.end()
})
