import type { Config } from '../config.ts'
import type { VersionPlaces } from './versions-script.ts'

/** Where an administrator says that there are Pythons and Rs, beside the usual places. */
export function versionPlaces(config: Pick<Config, 'python' | 'r'>): VersionPlaces {
  return {
    python: { paths: config.python.paths, modules: config.python.modules },
    r: { paths: config.r.paths, modules: config.r.modules },
  }
}
