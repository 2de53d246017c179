export { reportedJob, submittedJob, type SubmittedJob } from './job-schemas.ts'
export { request, type LoadBalancerNode, type Request, type RequestOf } from './request-schemas.ts'
export { errorResponse, metricsResponse, responseBase, RESPONSES } from './response-schemas.ts'
