import { execFile } from 'node:child_process'

/** Runs a program to its end and answers what it printed. Throws with what it said if it fails. */
export function run(file: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(file, args, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${file} failed: ${stderr.trim() || error.message}`))
    })
  })
}
