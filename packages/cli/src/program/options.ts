import type { Command } from 'commander';

/** A command that has nothing but commands of its own. */
export const addGroup = (program: Command, name: string, summary: string): Command =>
  program.command(name).summary(summary).helpCommand(false);

/** For commands about a cluster of kmd's. */
export const forCluster = (command: Command): Command =>
  command.option('--name <name>', 'name of the cluster', 'local');

/** For commands that take a while: how they tell of it. */
export const withProgress = (command: Command): Command =>
  command.option('--json', 'progress and result as JSON, one object a line').option('-q, --quiet', 'print errors only');
