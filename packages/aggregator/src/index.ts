/** The Seal aggregator as a library: the app, its configuration and what it is made of. */
export {
  type AggregatorDeps,
  type AggregatorOptions,
  aggregator,
  MAX_BODY_BYTES,
  MAX_REQUESTS_IN_FLIGHT,
  UNSUPPORTED_TEXT,
} from './app.ts';
export {
  Committees,
  type CommitteesDeps,
  type CommitteesOptions,
  MAX_KNOWN_VERSIONS,
  MIN_REFRESH_INTERVAL_MS,
  REFRESH_INTERVAL_MS,
  RETENTION_MS,
} from './committee/committees.ts';
export {
  type Committee,
  MAX_COMMITTEE_MEMBERS,
  type Member,
  readCommittee,
} from './committee/snapshot.ts';
export { type LoadedSettings, loadSettings, type Settings } from './config/settings.ts';
export { AddressPolicy, type AddressPolicyOptions } from './members/address-policy.ts';
export { type Credential, Credentials } from './members/credentials.ts';
export {
  createTransport,
  type MemberRequest,
  type MemberResponse,
  type MemberTransport,
  TransportError,
} from './members/transport.ts';
export { type AggregatorMetrics, createMetrics } from './metrics.ts';
export { type RunningServer, type StartDeps, startAggregator } from './server.ts';
