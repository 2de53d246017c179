export { reportedJob, submittedJob, type SubmittedJob } from './job-schemas.ts'
export type { LoadBalancerNode } from './node-schema.ts'
export { request, type Request, type RequestOf } from './request-schemas.ts'
export { errorResponse, metricsResponse, responseBase, RESPONSES } from './response-schemas.ts'
