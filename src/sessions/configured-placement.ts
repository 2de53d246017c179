import type { PlacementStrategy } from '../../cluster/index.ts'
import type { Config } from '../config.ts'
import { PlacementProgram } from './placement-program.ts'

/** How the configuration wants sessions placed: by a strategy, with `custom` by a program and else by the fewest sessions. */
export function configuredPlacement(config: Pick<Config, 'placement'>): {
  readonly strategy: PlacementStrategy
  readonly program: PlacementProgram | undefined
} {
  const { strategy, program, timeout_seconds: seconds } = config.placement
  if (strategy !== 'custom') return { strategy, program: undefined }
  return {
    strategy: 'sessions',
    program:
      program === undefined
        ? undefined
        : new PlacementProgram({ program, timeout: seconds * 1000 }),
  }
}
