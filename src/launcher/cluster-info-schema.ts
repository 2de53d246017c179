import { z } from 'zod'
import { jobConfig, placementConstraint, resourceLimit } from './job-schemas.ts'
import { flag, list, text } from './told.ts'

const resourceProfile = z.object({
  name: z.string(),
  displayName: text,
  limits: list(resourceLimit),
  queue: text,
  placementConstraints: list(placementConstraint),
})

/** What a Launcher cluster can do for a user, and what its plugin says beside that. */
export const clusterInfo = z.looseObject({
  supportsContainers: flag,
  supportsInitContainers: flag,
  containersUseHostNetwork: flag,
  config: list(jobConfig),
  placementConstraints: list(placementConstraint),
  queues: list(z.string()),
  defaultQueue: text,
  resourceLimits: list(resourceLimit),
  images: list(z.string()),
  defaultImage: text,
  allowUnknownImages: flag,
  resourceProfiles: list(resourceProfile),
})

/** What a Launcher cluster can do for a user. */
export type ClusterInfo = z.output<typeof clusterInfo>
