import t from 'tap'
import { allPages } from '../../../src/web/api/all-pages.ts'
import { RequestKeys } from '../../../src/web/api/request-keys.ts'

t.test('all pages of a list are read', async (t) => {
  const asked: string[] = []
  const api = {
    request: async <T>(_method: string, path: string) => {
      asked.push(path)
      const page = path.includes('cursor=')
        ? { items: [3], next: null }
        : { items: [1, 2], next: 'x' }
      return page as T
    },
  }
  t.strictSame(await allPages(api, '/sessions', new AbortController().signal), [1, 2, 3])
  t.strictSame(asked, ['/sessions?limit=200', '/sessions?limit=200&cursor=x'])
})

t.test('a request keeps its key until it is done or becomes another', (t) => {
  const keys = new RequestKeys()
  const first = keys.of({ ide: 'vscode' })
  t.equal(keys.of({ ide: 'vscode' }), first)
  const other = keys.of({ ide: 'rstudio' })
  t.not(other, first)
  keys.done()
  t.not(keys.of({ ide: 'rstudio' }), other)
  t.match(first, /^[\w-]{16,}$/)
  t.end()
})
