import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import { AtelierError } from '../../src/errors.ts'
import type { Probe } from '../../src/ides/ide.ts'
import { isComputing, jupyterBusy, jupyterReady } from '../../src/ides/jupyter-probes.ts'
import { VsCode } from '../../src/ides/vscode.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const kernels = (...states: string[]) =>
  JSON.stringify(states.map((state) => ({ id: 'k', execution_state: state })))
const terminals = (...times: string[]) =>
  JSON.stringify(times.map((time) => ({ name: '1', last_activity: time })))
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

for (const [what, kernelBody, terminalBody, expected] of [
  ['nothing runs', '[]', '[]', false],
  ['a kernel rests', kernels('idle'), '[]', false],
  ['one kernel of two computes', kernels('idle', 'busy'), '[]', true],
  ['a kernel starts', kernels('starting'), '[]', false],
  ['a kernel tells no state', '[{"id":"k"}]', '[]', false],
  ['a terminal wrote just now', '[]', terminals('2026-11-23T11:59:30.123456Z'), true],
  ['a terminal wrote in another zone', '[]', terminals('2026-11-23T13:59:30+02:00'), true],
  ['a terminal wrote long ago', '[]', terminals('2026-11-23T11:58:00Z'), false],
  ['a terminal is ahead by its clock', '[]', terminals('2026-11-23T12:00:05Z'), true],
] as const) {
  t.equal(isComputing(kernelBody, terminalBody, NOW), expected, `busy is ${expected}: ${what}`)
}

t.test('an answer that is not understood is not taken for rest', async (t) => {
  t.throws(() => isComputing('<html>', '[]', NOW), { code: 'IDE_UNREACHABLE' })
  t.throws(() => isComputing('{"a":1}', '[]', NOW), { code: 'IDE_UNREACHABLE' })
  await t.rejects(jupyterBusy(answer(500), '/s/i', signal), { code: 'IDE_UNREACHABLE' })
  await t.rejects(vscode.busy(answer(200, 'ok'), '/s/i', signal), { code: 'IDE_UNREACHABLE' })
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

t.test('VS Code is busy while a window is connected', async (t) => {
  t.equal(await vscode.busy(answer(200, '{"status":"alive","lastHeartbeat":1}'), '', signal), true)
  t.equal(await vscode.busy(answer(200, '{"status":"expired"}'), '', signal), false)
})

t.test('whatever Jupyter answers, it is busy, at rest, or not understood', async () => {
  const kernel = fc.record({ execution_state: fc.constantFrom('idle', 'busy', 'starting') })
  const ago = fc.integer({ min: -1e9, max: 1e9 })
  fc.assert(
    fc.property(fc.array(kernel), fc.array(ago), (all, times) => {
      const at = times.map((time) => new Date(NOW - time).toISOString())
      const isBusy = all.some((each) => each.execution_state === 'busy')
      const hasTyped = times.some((time) => time < 60_000)
      assert.equal(isComputing(JSON.stringify(all), terminals(...at), NOW), isBusy || hasTyped)
    }),
  )
  const junk = fc.oneof(fc.string({ unit: 'binary' }), fc.json())
  fc.assert(
    fc.property(junk, junk, (kernelBody, terminalBody) => {
      try {
        assert.equal(typeof isComputing(kernelBody, terminalBody, NOW), 'boolean')
      } catch (error) {
        assert.ok(error instanceof AtelierError && error.code === 'IDE_UNREACHABLE')
      }
    }),
  )
})
