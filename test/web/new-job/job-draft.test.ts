import t from 'tap'
import {
  bodyOf,
  changesOf,
  draftLike,
  EMPTY_DRAFT,
  kindOf,
  problemsOf,
  type JobDraft,
} from '../../../src/web/new-job/job-draft.ts'
import { jobView } from '../../browser/job-scenes.ts'

const chosen = { python: null, r: 'r-4.3', profile: null }
const filled: JobDraft = {
  ...EMPTY_DRAFT,
  script: ' /home/alice/a.R ',
  args: '--x "1 2"',
  environment: [
    { key: 0, name: 'KEY', value: ' secret ' },
    { key: 1, name: '', value: '' },
  ],
}

t.test('what is sent is what was typed, and nothing that was not', async (t) => {
  t.same(problemsOf(filled), {})
  t.same(bodyOf(filled, chosen), {
    script: '/home/alice/a.R',
    args: ['--x', '1 2'],
    environment: { KEY: ' secret ' },
    r: 'r-4.3',
  })
  const command = { ...filled, what: 'command', command: 'backup', args: '' } as const
  t.same(bodyOf(command, { ...chosen, r: null }), {
    command: 'backup',
    args: [],
    environment: { KEY: ' secret ' },
  })
  t.same(bodyOf({ ...filled, script: '/n.ipynb' }, chosen).args, [], 'a notebook takes none')
})

t.test('what is wrong is told at its field', async (t) => {
  const problem = (changes: Partial<JobDraft>) => problemsOf({ ...filled, ...changes })
  t.match(problem({ script: '' }), { script: /Choose a file/ })
  t.match(problem({ script: 'a.R' }), { script: /whole path/ })
  t.match(problem({ script: '/home/' }), { script: /folder/ })
  t.match(problem({ script: '/home/data.csv' }), { kind: /what the file is/ })
  t.same(problem({ script: '/home/data.csv', kind: 'shell' }), {})
  t.match(problem({ what: 'command' }), { command: /Choose/ })
  t.match(problem({ args: '"' }), { args: /quote/ })
  t.match(problem({ workingDirectory: 'x' }), { workingDirectory: /whole path/ })
  t.match(problem({ webhook: 'chat' }), { webhook: /https/ })
  const row = (name: string, key = 0) => ({ key, name, value: 'x' })
  t.match(problem({ environment: [row('2X')] }), { environment: /2X/ })
  t.match(problem({ environment: [row('')] }), { environment: /no name/ })
  t.match(problem({ environment: [row('A'), row('A', 1)] }), { environment: /twice/ })
})

t.test('a job like another begins with all that is known of that one', async (t) => {
  const like = jobView('fit', {
    args: ['a b', ''],
    environmentNames: ['KEY'],
    workingDirectory: '/data',
    cluster: 'hpc',
    webhook: 'https://example.org/hook',
  })
  const draft = draftLike(like)
  t.same(bodyOf(draft, chosen), {
    script: like.script,
    args: ['a b', ''],
    environment: { KEY: '' },
    workingDirectory: '/data',
    cluster: 'hpc',
    webhook: 'https://example.org/hook',
    r: 'r-4.3',
  })
  t.equal(draftLike({ ...like, name: 'mine' }).name, 'mine')
  const odd = draftLike({ ...like, script: '/bin/tool', kind: 'shell' })
  t.equal(kindOf(odd), 'shell', 'also what the ending does not tell')
})

t.test('a change takes away what is empty, and leaves an untouched environment', async (t) => {
  const like = jobView('fit', { environmentNames: ['KEY'], webhook: 'https://example.org/' })
  const draft = draftLike(like)
  const changes = changesOf({ ...draft, webhook: '', script: '/x.py' }, like, chosen)
  t.equal(changes.webhook, null)
  t.equal(changes.kind, 'python', 'the kind follows the file')
  t.notOk('environment' in changes)
  const typed = draft.environment.map((row) => ({ ...row, value: 'new' }))
  t.same(changesOf({ ...draft, environment: typed }, like, chosen).environment, { KEY: 'new' })
  t.same(changesOf({ ...draft, environment: [] }, like, chosen).environment, {})
})
