import t from 'tap'
import { exactlyOnce } from '../fixtures/exactly-once.ts'

t.test('a job is run exactly once although node dies', (t) => exactlyOnce(t, 'node'))
