import t from 'tap'
import type { BrowserFrame } from '../../src/ides/ide.ts'
import { isJupyterUse, isJupyterUseFrame } from '../../src/ides/jupyter-use.ts'
import { isRStudioUse, isRStudioUseFrame } from '../../src/ides/rstudio-use.ts'
import { isVsCodeUse, isVsCodeUseFrame } from '../../src/ides/vscode-use.ts'

// Recorded of JupyterLab 4, Notebook 7 and code-server 4 in Chromium: with a notebook, a terminal and a file open, first
// while somebody worked and then while nobody did. Of RStudio as its sources have it.
const KERNEL = '/api/kernels/0b6cd3dc-1c54-4a67-9c9a-3a7a0cbbd3a2/channels?session_id=1'
const VSCODE = '/stable-53c2f3253bcf32886706fc023e794bbeb253c90f?reconnection=false'

const frame = (path: string, payload: string | Buffer, compressed = false): BrowserFrame => {
  const start = Buffer.from(payload as string, 'latin1')
  return { path, compressed, length: start.length, start }
}

/** A message of VS Code's remote protocol. */
const message = (kind: number, data = ''): string => {
  const header = Buffer.alloc(13)
  header.writeUInt8(kind)
  header.writeUInt32BE(1000, 1)
  header.writeUInt32BE(900, 5)
  header.writeUInt32BE(data.length, 9)
  return header.toString('latin1') + data
}
const call = (channel: string, name: string, rest = '\x00') =>
  message(1, `\x04\x04\x06d\x06\xfa\x06\x01${counted(channel)}\x01${counted(name)}${rest}`)
const toExtensions = (kind: number, name = '', rest = '') =>
  message(1, `${String.fromCharCode(kind)}\0\0\0\xa0${name && `p${counted(name)}`}${rest}`)
const counted = (text: string) => String.fromCharCode(text.length) + text

t.test('what an open page of Jupyter asks for by itself is no use', async (t) => {
  for (const [method, path, isUse] of [
    ['GET', '/api/kernels?1795474577217', false],
    ['GET', '/api/sessions?1795474577217', false],
    ['GET', '/api/terminals?1795474577217', false],
    ['GET', '/api/contents?content=1&hash=0&1795474578136', false],
    ['GET', '/api/contents/Untitled.ipynb?content=0&hash=1&1795474578136', false],
    ['GET', '/api/contents/Untitled.ipynb/checkpoints?1795474578136', false],
    ['GET', '/api/kernelspecs?1795474577217', false],
    ['GET', '/api/me?1795474577217', false],
    ['GET', '/lab/api/workspaces?1795474577217', false],
    ['PUT', '/lab/api/workspaces/default?1795474577217', false],
    ['GET', '/static/favicons/favicon-busy-1.ico', false],
    ['GET', '/lab', true],
    ['GET', '/lab/tree/Untitled.ipynb?reset', true],
    ['GET', '/tree', true],
    ['GET', '/notebooks/Untitled.ipynb', true],
    ['GET', '/files/data.csv', true],
    ['GET', '/apiary', true],
    ['PUT', '/api/contents/Untitled.ipynb?1795474577217', true],
    ['POST', '/api/sessions?1795474577217', true],
    ['POST', '/api/kernels/1/interrupt', true],
    ['DELETE', '/api/kernels/1', true],
  ] as const) {
    t.equal(isJupyterUse({ method, path }), isUse, `${method} ${path}`)
  }
})

t.test('input to a kernel or a terminal of Jupyter is one', async (t) => {
  for (const [path, payload, isUse] of [
    ['/terminals/websocket/1', '["stdin","e"]', true],
    ['/terminals/websocket/1', '["stdin","\\r"]', true],
    ['/terminals/websocket/1', '["set_size",24,80,600,800]', false],
    [KERNEL, '\x06\0\0\0shell{"msg_type":"execute_request"}', true],
    [KERNEL, '\x06\0\0\0shell{"msg_type":"complete_request"}', true],
    [KERNEL, '\x06\0\0\0shell{"msg_type":"comm_msg"}', true],
    [KERNEL, '\x06\0\0\0shell{"msg_type":"kernel_info_request"}', false],
    [KERNEL, '\x06\0\0\0shell{"msg_type":"comm_info_request"}', false],
  ] as const) {
    t.equal(isJupyterUseFrame(frame(path, payload)), isUse, payload)
  }
  t.equal(isJupyterUseFrame(frame(KERNEL, 'unreadable', true)), true)
})

t.test('the page of VS Code is a use, what it loads and loads again is none', async (t) => {
  for (const [method, path, isUse] of [
    ['GET', '/', true],
    ['GET', '/?folder=/home/alice', true],
    ['GET', '/healthz', false],
    ['POST', '/mint-key', false],
    ['GET', `${VSCODE}/static/out/vs/code/browser/workbench/workbench.js`, false],
    ['GET', '/stable-53c2/vscode-remote-resource?path=%2Fx', false],
  ] as const) {
    t.equal(isVsCodeUse({ method, path }), isUse, `${method} ${path}`)
  }
})

t.test('an idle window of VS Code is told from one in which somebody works', async (t) => {
  for (const [what, payload, isUse] of [
    ['keeps its connection alive', message(9), false],
    ['acknowledges', message(3), false],
    ['measures its latency', call('telemetry', 'ping'), false],
    ['answers extensions', toExtensions(5) + toExtensions(7), false],
    ['is no longer in front', toExtensions(1, '$onDidChangeWindowActive', '[false]'), false],
    ['is told a title by a shell', call('remoteterminal', '$updateTitle', '\x04bash'), false],
    ['looks after a file', call('remotefilesystem', 'stat'), false],
    ['listens to something', message(1, '\x04\x04\x06f\x06\xfa\x06\x01\x07request'), false],
    ['asks for the rest again', message(6), false],
    ['has its terminal typed in', call('remoteterminal', '$input', '\x01e'), true],
    ['has a file saved', call('remotefilesystem', 'writeFile'), true],
    ['has a text changed', toExtensions(1, '$acceptModelChanged', '[…]'), true],
    ['has a command run', toExtensions(2, '$executeContributedCommand'), true],
    ['does both', message(9) + call('telemetry', 'ping') + call('remoteterminal', '$input'), true],
    ['sends nothing', '', false],
    ['sends half a header', message(1).slice(0, 7), false],
  ] as const) {
    t.equal(isVsCodeUseFrame(frame(VSCODE, payload)), isUse, what)
  }
  t.equal(isVsCodeUseFrame(frame(VSCODE, 'unreadable', true)), true)
})

t.test('the long poll of RStudio is no use, what it asks of R is', async (t) => {
  for (const [method, path, isUse] of [
    ['POST', '/events/get_events', false],
    ['POST', '/rpc/ping', false],
    ['POST', '/rpc/set_client_state', false],
    ['POST', '/rpc/check_for_external_edit', false],
    ['POST', '/rpc/console_input', true],
    ['POST', '/rpc/save_document', true],
    ['GET', '/', true],
  ] as const) {
    t.equal(isRStudioUse({ method, path }), isUse, path)
  }
  t.equal(isRStudioUseFrame(frame('/p/58fab3e4/terminal/1/', 't\r')), true)
  t.equal(isRStudioUseFrame(frame('/p/58fab3e4/terminal/1/', 'k')), false)
})
