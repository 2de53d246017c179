// Runs the tests, all or those named. What starts many real processes may fail beside others where there are only two
// processors: such a file is run once more by itself, and the last lines say which, so that a flaky one is seen and mended.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = dirname(dirname(fileURLToPath(import.meta.url)))
const failedList = join(project, '.tap', 'failed')
/** More than these have a cause of their own. */
const AGAIN_AT_MOST = 6
/** Lines of a failed file that are said again at the end, where somebody looks who sees only the end. */
const SAID_AGAIN = 72

rmSync(failedList, { force: true })
const passed = tap(process.argv.slice(2))
const failed = failedFiles()
if (passed) process.exit(0)

sayAgain(failed)
say(`Failed: ${failed.join(', ') || 'the run itself'}`)
if (failed.length === 0 || failed.length > AGAIN_AT_MOST) process.exit(1)

say('Each is run once more, alone.')
if (tap(['--jobs=1', '--reporter=tap'])) {
  say(`FLAKY, to be mended: ${failed.join(', ')} failed beside others and passed alone.`)
} else {
  sayAgain(failedFiles())
  say(`Failed again: ${failedFiles().join(', ')}`)
  process.exit(1)
}

function tap(args) {
  const program = join(project, 'node_modules', '.bin', 'tap')
  const { status, error } = spawnSync(program, [`--save=${failedList}`, ...args], {
    cwd: project,
    stdio: 'inherit',
  })
  if (error) throw error
  return status === 0
}

function failedFiles() {
  if (!existsSync(failedList)) return []
  return readFileSync(failedList, 'utf8').split('\n').filter(Boolean)
}

/** What failed in these files: each check with its difference. */
function sayAgain(files) {
  for (const file of files.slice(0, AGAIN_AT_MOST)) {
    const results = join(project, '.tap', 'test-results', `${file}.tap`)
    if (!existsSync(results)) continue
    const lines = readFileSync(results, 'utf8').split('\n')
    const blocks = lines.flatMap((line, at) => (/^\s*not ok /.test(line) ? [at] : []))
    const failures = blocks.flatMap((at) => {
      const end = lines.findIndex((line, of) => of > at && /^\s*(?:\.\.\.|(?:not )?ok )/.test(line))
      return lines.slice(at, Math.min(end < 0 ? lines.length : end, at + SAID_AGAIN / 3))
    })
    say(`In ${file}:\n${failures.slice(0, SAID_AGAIN).join('\n')}`)
  }
}

function say(line) {
  process.stdout.write(`\n# ${line}\n`)
}
