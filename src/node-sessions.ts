import { findAccount, groupsOf } from './accounts.ts'
import type { ClusterKey } from './auth/cluster-key.ts'
import { sessionSecrets } from './auth/session-secrets.ts'
import { SessionTokens } from './auth/session-tokens.ts'
import type { LiveConfig } from './config/live-config.ts'
import { dataPaths } from './config.ts'
import { AtelierError } from './errors.ts'
import { Ides } from './ides/ides.ts'
import { versionPlaces } from './ides/version-places.ts'
import { Versions } from './ides/versions.ts'
import { Folders } from './files/folders.ts'
import type { OwnProgram } from './ides/own-program.ts'
import type { Launcher } from './launcher/launcher.ts'
import type { Log } from './log.ts'
import { Projects } from './projects/projects.ts'
import { Activity } from './sessions/activity.ts'
import { BusySigns } from './sessions/busy-signs.ts'
import { Grants } from './sessions/grants.ts'
import { IdleWatch } from './sessions/idle-watch.ts'
import { Limits } from './sessions/limits.ts'
import { LocationReader } from './sessions/location-reader.ts'
import { Locations } from './sessions/locations.ts'
import { Profiles } from './sessions/profiles.ts'
import { runAsBy } from './sessions/run-as.ts'
import { SessionJobs } from './sessions/session-jobs.ts'
import { SessionPorts } from './sessions/session-ports.ts'
import { SessionReports } from './sessions/session-reports.ts'
import type { SessionStore } from './sessions/session-store.ts'
import { isFinal } from './sessions/session.ts'
import { Usage } from './sessions/usage.ts'

/** How long somebody waits at most, in ms, for what is found in a home. */
const PROJECTS_MS = 15_000

/** How long a look into a folder may take, in ms. */
const FILES_MS = 20_000

/** What a node knows of sessions, and what it asks their IDEs and jobs by. Nothing of it is started. */
export type SessionSide = ReturnType<typeof sessionSide>

/** Builds it. `node` is the name of this node. */
export function sessionSide(parts: {
  readonly live: LiveConfig
  readonly node: string
  readonly store: SessionStore
  readonly launcher: Launcher
  readonly clusterKey: ClusterKey
  readonly log: Log
  /** What `atelier` runs in sessions, and where this node answers it. */
  readonly program: OwnProgram
  readonly address: () => string
}) {
  const { live, node, store, launcher, clusterKey, log, program, address } = parts
  const { config } = live
  const ides = new Ides({ directory: dataPaths(config).ides, rserver: config.ides.rserver, log })
  const secretOf = sessionSecrets(clusterKey)
  const locations = new Locations()
  locations.setMaxListeners(0)
  const sessionTokens = new SessionTokens({ clusterKey, sessionOf: (id) => locations.get(id) })
  const activity = new Activity()
  const usage = new Usage({ launcher })
  const versions = new Versions({
    places: versionPlaces(config),
    runAs: runAsBy({ launcher, homeOf }),
    log,
  })
  const limits = new Limits({ configured: () => live.config, groupsOf })
  const profiles = new Profiles({ configured: () => live.config.profiles, limits })
  const grants = new Grants({ limits, profiles })
  const jobs = new SessionJobs({
    versions,
    grants,
    launcher,
    ideOf: (name) => ides.get(name),
    secretOf,
    access: { program, address, tokenOf: (session) => sessionTokens.tokenOf(session) },
    homeOf,
    cluster: clusterKey.fingerprint,
  })
  const watch = new IdleWatch({
    activity,
    isLive: (id) => {
      const session = locations.get(id)
      return session !== undefined && !isFinal(session.state)
    },
    limits,
  })
  return {
    ides,
    secretOf,
    sessionTokens,
    locations,
    activity,
    usage,
    versions,
    projects: new Projects({
      runAs: runAsBy({ launcher, homeOf, name: 'projects', limit: PROJECTS_MS, partial: true }),
      homeOf,
      log,
    }),
    folders: new Folders({
      runAs: runAsBy({ launcher, homeOf, name: 'files', limit: FILES_MS }),
      homeOf,
    }),
    userLimits: limits,
    profiles,
    grants,
    jobs,
    watch,
    ports: new SessionPorts({ launcher }),
    reader: new LocationReader({ store, locations, log }),
    signs: new BusySigns({ usage, jobs }),
    reports: new SessionReports({ node, usage, activity, watch, locations }),
  }
}

async function homeOf(user: string): Promise<string> {
  const account = await findAccount(user)
  if (account === undefined) throw new AtelierError('BAD_REQUEST', `There is no account ${user}.`)
  return account.home
}
