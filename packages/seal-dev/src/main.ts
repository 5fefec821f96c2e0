/** Entry of `seal-dev`. */
import { Command } from 'commander';
import { demoCommand } from './cli/demo.ts';
import { downCommand } from './cli/down.ts';
import { moveCommand } from './cli/move/index.ts';
import { rotateCommand } from './cli/rotate.ts';
import { upCommand } from './cli/up.ts';

await new Command('seal-dev')
  .description('The whole Seal stack on one machine: chain, policies, key servers')
  .addCommand(upCommand())
  .addCommand(downCommand())
  .addCommand(rotateCommand())
  .addCommand(moveCommand())
  .addCommand(demoCommand())
  .parseAsync();
