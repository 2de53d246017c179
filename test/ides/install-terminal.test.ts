import t from 'tap'
import { InstallError } from '../../src/ides/install-error.ts'
import type { InstallOptions } from '../../src/ides/install-options.ts'
import { installInTerminal, progressBar } from '../../src/ides/install-terminal.ts'
import { options } from './fixtures/build.ts'

function terminal() {
  const lines: string[] = []
  return { lines, isTTY: false, write: (text: string) => lines.push(text) }
}

t.test('without a terminal each step is one line, and each family is installed once', async (t) => {
  const out = terminal()
  const asked: string[] = []
  const install = async ({ ide, report }: InstallOptions) => {
    asked.push(ide)
    for (const percent of [1, 2, 3]) report({ step: 'Downloading', percent })
  }
  const names = ['jupyterlab', 'jupyter-notebook', 'vscode'] as const
  t.equal(await installInTerminal(names, { ...options('/x'), terminal: out }, install), true)
  t.equal(asked.length, 2)
  t.strictSame(out.lines.toSorted(), [
    'JupyterLab and Jupyter Notebook: Downloading\n',
    'JupyterLab and Jupyter Notebook: installed\n',
    'VS Code: Downloading\n',
    'VS Code: installed\n',
  ])
})

t.test(
  'a failure is told with its remedy, and the others are installed all the same',
  async (t) => {
    const out = terminal()
    const install = async ({ ide }: InstallOptions) => {
      if (ide === 'vscode') throw new InstallError('The disk is full.', 'rm -r /old')
    }
    const names = ['jupyterlab', 'vscode'] as const
    t.equal(await installInTerminal(names, { ...options('/x'), terminal: out }, install), false)
    t.strictSame(out.lines, [
      'JupyterLab and Jupyter Notebook: installed\n',
      'VS Code could not be installed. The disk is full.\n  What mends it: rm -r /old\n',
    ])
  },
)

for (const [percent, bar] of [
  [0, '░░░░░░░░░░░░░░░░░░░░░░░░   0 %'],
  [50, '████████████░░░░░░░░░░░░  50 %'],
  [99, '████████████████████████  99 %'],
] as const) {
  t.equal(progressBar(percent), bar)
}
