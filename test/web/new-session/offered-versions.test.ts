import t from 'tap'
import type { VersionView } from '../../../src/ides/language-version.ts'
import { offeredVersions } from '../../../src/web/new-session/offered-versions.ts'

const python = (id: string, kernel: boolean): VersionView => ({
  id,
  language: 'python',
  version: id,
  label: `Python ${id}`,
  kernel,
})
const r = (id: string): VersionView => ({
  id,
  language: 'r',
  version: id,
  label: `R ${id}`,
  kernel: true,
})

for (const [what, ide, language, versions, offered] of [
  ['nothing without an IDE', null, 'r', [r('1'), r('2')], []],
  ['nothing if there is one', 'vscode', 'python', [python('1', true)], []],
  ['several', 'vscode', 'python', [python('1', true), python('2', false)], ['1', '2']],
  [
    'to Jupyter what has a kernel',
    'jupyterlab',
    'python',
    [python('1', true), python('2', false)],
    ['1'],
  ],
  ['to Jupyter none without a kernel', 'jupyter-notebook', 'python', [python('2', false)], []],
  ['each language by itself', 'jupyterlab', 'r', [python('1', true), r('2'), r('3')], ['2', '3']],
  ['no Python to RStudio', 'rstudio', 'python', [python('1', true), python('2', true)], []],
] as const) {
  t.test(`a new session is offered ${what}`, async (t) => {
    const { options, note } = offeredVersions(ide, language, versions)
    t.strictSame(
      options.map(({ value }) => value),
      offered,
    )
    t.ok(options.length === 0 || note === null, 'a choice needs no reason why there is none')
  })
}

for (const [what, ide, language, versions, said] of [
  ['there is only one', 'vscode', 'r', [r('4.5')], /R 4.5 is the only one/],
  ['there is no Python', 'vscode', 'python', [r('1'), r('2')], /No Python/],
  ['there is no other Python for Jupyter', 'jupyterlab', 'python', [], /own.*No other/],
  ['none has a kernel', 'jupyterlab', 'python', [python('1', false)], /ipykernel/],
  ['RStudio has no R', 'rstudio', 'r', [], /No R/],
] as const) {
  t.test(`why there is no choice is told: ${what}`, async (t) => {
    t.match(offeredVersions(ide, language, versions), { options: [], note: said })
  })
}
