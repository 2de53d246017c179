import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import type { Probe } from '../../src/ides/ide.ts'
import { isComputing, jupyterBusy, jupyterReady } from '../../src/ides/jupyter-probes.ts'
import { VsCode } from '../../src/ides/vscode.ts'

const kernels = (...states: string[]) =>
  JSON.stringify(states.map((state) => ({ id: 'k', execution_state: state })))
const signal = new AbortController().signal
const answer =
  (status: number, body = ''): Probe =>
  async () => ({ status, body })
const silence: Probe = async () => {
  throw new Error('connect ENOENT')
}
const vscode = new VsCode({
  find: async () => ({ words: ['/node'], binDirectory: null, version: null }),
})

for (const [what, kernelBody, expected] of [
  ['nothing runs', '[]', false],
  ['a kernel rests', kernels('idle'), false],
  ['one kernel of two computes', kernels('idle', 'busy'), true],
  ['a kernel starts', kernels('starting'), false],
  ['a kernel tells no state', '[{"id":"k"}]', false],
] as const) {
  t.equal(isComputing(kernelBody), expected, `busy is ${expected}: ${what}`)
}

t.test('an answer that is not understood is not taken for rest', async (t) => {
  t.throws(() => isComputing('<html>'), { code: 'IDE_UNREACHABLE' })
  t.throws(() => isComputing('{"a":1}'), { code: 'IDE_UNREACHABLE' })
  await t.rejects(jupyterBusy(answer(500), '/s/i', signal), { code: 'IDE_UNREACHABLE' })
})

t.test('an IDE that does not answer, or answers an error, is not ready', async (t) => {
  for (const probe of [silence, answer(403), answer(503)]) {
    t.equal(await jupyterReady(probe, '/s/i', signal), false)
    t.equal(await vscode.ready(probe, '/s/i', signal), false)
  }
})

t.test('who gives up waiting hears of it', async (t) => {
  const gone = AbortSignal.abort(new Error('enough'))
  await t.rejects(jupyterReady(silence, '/s/i', gone), { message: 'enough' })
  await t.rejects(vscode.ready(silence, '/s/i', gone), { message: 'enough' })
})

t.test('a connected window is no sign that VS Code computes', async (t) => {
  t.equal(await vscode.busy(), false)
})

t.test('whatever Jupyter answers, it is busy, at rest, or not understood', async () => {
  const kernel = fc.record({ execution_state: fc.constantFrom('idle', 'busy', 'starting') })
  fc.assert(
    fc.property(fc.array(kernel), (all) => {
      const isBusy = all.some((each) => each.execution_state === 'busy')
      assert.equal(isComputing(JSON.stringify(all)), isBusy)
    }),
  )
  const junk = fc.oneof(fc.string({ unit: 'binary' }), fc.json())
  fc.assert(
    fc.property(junk, (kernels) => {
      try {
        assert.equal(typeof isComputing(kernels), 'boolean')
      } catch (error) {
        assert.ok(error instanceof AtelierError && error.code === 'IDE_UNREACHABLE')
      }
    }),
  )
})
