export {
  DEFAULT_DRAIN_MS,
  Lifecycle,
  type LifecycleDeps,
  type LifecycleOptions,
  type LifecycleState,
  SIGNAL_ECHO_MS,
  type SignalSource,
} from './lifecycle.ts';
export { type PeriodicOptions, pause, runPeriodically } from './periodic.ts';
