import { readFileSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Config } from './config.ts'

/**
 * The name of this node: the configured one, else the host's name as it was at the first start, which is kept in the data
 * directory. Sessions belong to a node by name, so they must not be lost when the host is renamed.
 */
export function nodeName(config: Pick<Config, 'node' | 'data'>): string {
  if (config.node.name !== undefined) return config.node.name
  const file = join(config.data.directory, 'node.name')
  try {
    const kept = readFileSync(file, 'utf8').trim()
    if (kept !== '') return kept
  } catch {
    // The first start has none.
  }
  writeFileSync(file, `${hostname()}\n`)
  return hostname()
}
