/** Talking to a stack that another process runs: stop it, stop and start its servers, rotate a committee. */
import { type ControlClient, connectControl as connect } from './stack/control-client.ts';
import { stackFiles } from './stack/files.ts';

export type { ControlClient } from './stack/control-client.ts';

/** The stack that runs in `dir`, or undefined when none answers there. */
export function connectControl(dir: string): Promise<ControlClient | undefined> {
  return connect(stackFiles(dir));
}
