export { type HealthOptions, healthRoute, readyRoute } from './health.ts';
export { isJson, readJsonBody } from './json-body.ts';
export { BodyRejection, type RejectionStatus } from './rejection.ts';
export { type Refusal, type RenderErrorDeps, renderError } from './render-error.ts';
