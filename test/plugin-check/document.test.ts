import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execa } from 'execa'
import t from 'tap'
import { parse } from 'smol-toml'
import { request } from '../../src/launcher/protocol-schemas.ts'
import {
  errorResponse,
  metricsResponse,
  responseBase,
  RESPONSES,
} from '../../src/launcher/protocol-schemas.ts'
import { RESPONSE } from '../../src/launcher/protocol.ts'
import { isRoot, makeAccount } from '../fixtures/accounts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(`${root}docs/plugins.md`, 'utf8')

/** What is between fences of this language. */
function blocks(language: string): string[] {
  const fenced = new RegExp('^```' + language + '\\n(.*?)^```$', 'gms')
  return [...text.matchAll(fenced)].map(([, block = '']) => block)
}

t.test('each message in the document is one', async (t) => {
  const schemas = [...Object.values(RESPONSES), metricsResponse]
  let requests = 0
  let answers = 0
  for (const block of blocks('json')) {
    const message: unknown = JSON.parse(block)
    const { responseId, messageType } = responseBase.parse(message)
    if (responseId === undefined) {
      t.ok(request.safeParse(message).success, block)
      requests++
      continue
    }
    const isError = messageType === RESPONSE.error && errorResponse.safeParse(message).success
    t.ok(isError || schemas.some((schema) => schema.safeParse(message).success), block)
    answers++
  }
  t.ok(requests >= 10 && answers >= 10)
})

t.test('its configuration can be read', async (t) => {
  const [block = ''] = blocks('toml')
  t.match(parse(block), { launcher: { clusters: { Mine: { type: 'plugin' } } } })
})

t.test('each of its commands runs', async (t) => {
  const become: string[] = []
  if (isRoot) {
    const { uid, gid, home } = await makeAccount(t)
    const options = [`--reuid=${uid}`, `--regid=${gid}`, '--init-groups', '--']
    become.push('setpriv', ...options, 'env', `HOME=${home}`)
  }
  const lines = blocks('sh').flatMap((block) => block.trim().split('\n'))
  t.ok(lines.length >= 4)
  for (const line of lines) {
    const [atelier, ...words] = line.split(' ')
    t.equal(atelier, 'atelier')
    // Without tap's hand in what it starts.
    const clean = ['env', '-u', 'NODE_OPTIONS']
    const command = [...become, ...clean, process.execPath, 'dist/src/main.js', ...words]
    const [program = '', ...args] = command
    const { exitCode, stdout } = await execa(program, args, {
      cwd: root,
      reject: false,
    })
    t.equal(exitCode, 0, `${line}\n${stdout}`)
  }
})
