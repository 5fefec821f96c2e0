/** What the middleware of this package leaves in a request's context. */
export interface ServiceVariables {
  /** Id for the logs. */
  requestId: string;
  /** Aborts when the caller has gone or the request's time is up; give it to every slow call. */
  signal: AbortSignal;
}
export interface ServiceEnv {
  Variables: ServiceVariables;
}
