import type { Membership } from '../../cluster/index.ts'
import type { LauncherClusters } from '../launcher/launcher.ts'
import { launcherNodes } from '../nodes/launcher-nodes.ts'
import type { Task } from './task.ts'

/** Tells the Launcher of this node which nodes there are, so that its plugins may know of the Launchers of the others. */
export class TellLauncher implements Task {
  readonly name = 'tell-launcher'
  /** The Launcher forgets it when it ends. */
  readonly period = 10_000
  readonly #membership: Pick<Membership, 'members'>
  readonly #launcher: Pick<LauncherClusters, 'setNodes'>

  constructor(parts: {
    membership: Pick<Membership, 'members'>
    launcher: Pick<LauncherClusters, 'setNodes'>
  }) {
    this.#membership = parts.membership
    this.#launcher = parts.launcher
  }

  /** Tells it once. While the Launcher is away it is tried again with the next period. */
  async activate(): Promise<void> {
    const nodes = launcherNodes(this.#membership.members(), new Date())
    await this.#launcher.setNodes(nodes).catch(() => undefined)
  }
}
