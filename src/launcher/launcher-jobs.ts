import { isDeepStrictEqual } from 'node:util'
import { AtelierError } from '../errors.ts'
import type { Log } from '../log.ts'
import { LauncherCluster, type ClusterOptions } from './cluster.ts'
import type { ClusterJobs } from './cluster-jobs.ts'
import type { ClusterInfo } from './cluster-info-schema.ts'
import type { ClusterVerbs } from './cluster-verbs.ts'
import { placeOf } from './job-ids.ts'
import type { Job, JobQuery, JobSpec, JobUsage, User } from './job.ts'
import { allTold, type Told } from './job-stream.ts'
import { clusterStatus, launcherColor, type LauncherStatus } from './launcher-status.ts'
import { PLUGIN_ERROR, PluginError } from './plugin-error.ts'
import type { LauncherMetrics } from './plugin-metrics.ts'
import type { LoadBalancerNode } from './protocol-schemas.ts'
import { reloadCluster, type ClusterReload } from './reload-cluster.ts'

/** Names each Launcher cluster, in place of one. */
export const EVERY_CLUSTER = '*'

/** The jobs that a query found, and the Launcher clusters that could not be asked. */
export interface FoundJobs {
  readonly jobs: readonly Job[]
  readonly unavailable: readonly string[]
}

/**
 * The Launcher clusters and their jobs. Everything is done for a user, who sees and touches their own jobs only; `*` may
 * touch all. A job is named by an id that tells its cluster too. Throws PluginError where a plugin does, and NOT_FOUND
 * for a cluster that does not exist.
 */
export class LauncherJobs {
  readonly #clusters: ReadonlyMap<string, LauncherCluster>
  readonly #standard: string
  readonly #log: Log
  readonly #startedAt = performance.now()
  #nodes: readonly LoadBalancerNode[] = []

  /** The first of the clusters is the default one; there must be one. `instanceId` names the Launcher in its jobs. */
  constructor(parts: {
    clusters: readonly ClusterOptions[]
    instanceId?: string | undefined
    log: Log
  }) {
    const { clusters, log } = parts
    const [first] = clusters
    if (first === undefined) throw new Error('the Launcher has no cluster')
    const more = {
      standard: first.name,
      log,
      instanceId: parts.instanceId,
    }
    this.#standard = first.name
    this.#log = log
    this.#clusters = new Map(
      clusters.map((each) => [each.name, new LauncherCluster({ ...each, ...more })]),
    )
  }

  /** Starts all plugins. Throws if one that is required does not start. */
  async start(): Promise<void> {
    await Promise.all(this.#all().map((cluster) => cluster.start()))
  }

  /** Ends all plugins; their jobs run on. */
  async stop(): Promise<void> {
    await Promise.all(this.#all().map((cluster) => cluster.stop()))
  }

  /** Answered from memory, also while plugins are away. */
  status(): LauncherStatus {
    const clusters = this.#all().map(({ name, state }) =>
      clusterStatus({ name, isDefault: name === this.#standard }, state),
    )
    return {
      status: launcherColor(clusters.map(({ state }) => state)),
      uptimeSeconds: (performance.now() - this.#startedAt) / 1000,
      clusters,
    }
  }

  /** What each plugin has reported of itself. */
  metrics(): LauncherMetrics {
    const clusters = this.#all().map(({ name, state }) => ({
      cluster: name,
      restarts: state.restarts,
      ...state.metrics,
    }))
    return { clusters }
  }

  /** What a Launcher cluster, or the default one, can do for a user. */
  async clusterInfo(user: User, name?: string): Promise<ClusterInfo> {
    return this.#cluster(name).verbs.info(user)
  }

  /** The Launchers that stand behind one load balancer with this one, as they were told last. */
  get nodes(): readonly LoadBalancerNode[] {
    return this.#nodes
  }

  /** Tells all plugins which Launchers stand behind one load balancer with this one, if that is news. */
  setNodes(nodes: readonly LoadBalancerNode[]): void {
    const isNews = !isDeepStrictEqual(nodes.map(withoutTime), this.#nodes.map(withoutTime))
    this.#nodes = nodes
    if (!isNews) return
    for (const cluster of this.#all()) cluster.setNodes(nodes)
  }

  /** Lets all plugins read their configuration again, and logs what goes wrong. */
  async reload(): Promise<readonly ClusterReload[]> {
    return Promise.all(this.#all().map((cluster) => reloadCluster(cluster, this.#log)))
  }

  /** Starts a job, once per key, as the user that it names; only `*` may name another than themselves. */
  async submit(user: User, spec: JobSpec, key: string): Promise<Job> {
    if (user !== '*' && user !== spec.user) {
      const text = `A job of ${spec.user} cannot be started by ${user}.`
      throw new PluginError(PLUGIN_ERROR.invalidRequest, text)
    }
    return this.#cluster(spec.cluster).jobs.submit(spec, key)
  }

  /** The jobs that a query asks for. Throws when none of the clusters that it names can be asked. */
  async list(user: User, query: JobQuery): Promise<FoundJobs> {
    const clusters = this.#named(query.cluster)
    const found = await Promise.allSettled(clusters.map(({ jobs }) => jobs.list(user, query)))
    const unavailable = clusters.flatMap(({ name }, place) =>
      found[place]?.status === 'rejected' ? [name] : [],
    )
    const [first] = found
    if (first?.status === 'rejected' && unavailable.length === clusters.length) throw first.reason
    const jobs = found.flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
    return { jobs, unavailable }
  }

  /** Where the job of this id is. Throws NOT_FOUND if there is no such Launcher cluster. */
  at(id: string): {
    readonly jobs: ClusterJobs
    readonly verbs: ClusterVerbs
    readonly id: string
  } {
    const place = placeOf(id, this.#standard)
    const { jobs, verbs } = this.#cluster(place.cluster)
    return { jobs, verbs, id: place.id }
  }

  /**
   * Every job there is in a cluster, then each that changes, without an end. Throws if the cluster is not available; of
   * each cluster (`*`), those that are not are told once they are.
   */
  async watch(user: User, cluster?: string): Promise<Told<Job>> {
    return this.#told(cluster, ({ verbs }, patiently) => verbs.watch(user, { patiently }))
  }

  /** What each running job in a cluster uses, without an end; throws as `watch` does. */
  async usage(user: User, cluster?: string): Promise<Told<JobUsage>> {
    return this.#told(cluster, ({ verbs }, patiently) => verbs.usage(user, { patiently }))
  }

  #all(): LauncherCluster[] {
    return [...this.#clusters.values()]
  }

  #cluster(name = this.#standard): LauncherCluster {
    const cluster = this.#clusters.get(name)
    if (cluster !== undefined) return cluster
    throw new AtelierError('NOT_FOUND', `There is no Launcher cluster ${name}.`)
  }

  #named(name: string | undefined): LauncherCluster[] {
    return name === EVERY_CLUSTER ? this.#all() : [this.#cluster(name)]
  }

  async #told<T>(
    name: string | undefined,
    begin: (cluster: LauncherCluster, patiently: boolean) => Promise<Told<T>>,
  ): Promise<Told<T>> {
    const patiently = name === EVERY_CLUSTER
    return allTold(await Promise.all(this.#named(name).map((each) => begin(each, patiently))))
  }
}

/** What of a node is news; it is seen all the time. */
function withoutTime(node: LoadBalancerNode): object {
  return { ...node, lastSeen: undefined }
}
