import t from 'tap'
import { homeIn, idesFor, shortPath } from '../../../src/web/projects/project-words.ts'

t.test('a project is opened with what suits it, of what can be used', (t) => {
  const all = ['jupyterlab', 'vscode', 'rstudio'] as const
  t.equal(idesFor('rstudio', all, 'vscode')[0], 'rstudio')
  t.equal(idesFor('git', all, null)[0], 'vscode')
  t.equal(idesFor('git', all, 'rstudio')[0], 'rstudio')
  t.strictSame(idesFor('rstudio', ['jupyterlab'], null), ['jupyterlab'])
  t.strictSame(idesFor('git', [], 'vscode'), [])
  t.end()
})

t.test('the home is written as people do', (t) => {
  const home = homeIn(['/home/ann/a', '/home/ann/b/ann/c', '/data/x'], 'ann')
  t.equal(home, '/home/ann')
  t.equal(shortPath('/home/ann/a', home), '~/a')
  t.equal(shortPath('/home/anna/a', home), '/home/anna/a')
  t.equal(homeIn(['/data/ann/a', '/home/ann/b'], 'ann'), null)
  t.equal(shortPath('/data/x', null), '/data/x')
  t.end()
})
