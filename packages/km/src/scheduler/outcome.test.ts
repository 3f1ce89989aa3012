import type { TaskStatus } from '@kmd/mesos-client';
import { expect, it } from 'vitest';
import { decideOutcome, type Outcome, type TaskProgress } from './outcome.js';

type Row = [TaskStatus['state'], NonNullable<TaskStatus['source']>, TaskProgress, boolean, Outcome];
it.each<Row>([
  ['TASK_STAGING', 'SOURCE_MASTER', 'launched', false, 'none'],
  ['TASK_STARTING', 'SOURCE_EXECUTOR', 'launched', false, 'bound'],
  ['TASK_RUNNING', 'SOURCE_EXECUTOR', 'bound', false, 'running'],
  ['TASK_KILLING', 'SOURCE_EXECUTOR', 'running', false, 'none'],
  ['TASK_FINISHED', 'SOURCE_EXECUTOR', 'running', false, 'ended'],
  ['TASK_FAILED', 'SOURCE_EXECUTOR', 'running', false, 'ended'],
  ['TASK_KILLED', 'SOURCE_EXECUTOR', 'running', false, 'ended'],
  // 12: FAILED before binding: the same pod is launched again.
  ['TASK_FAILED', 'SOURCE_EXECUTOR', 'launched', false, 'relaunch'],
  ['TASK_LOST', 'SOURCE_MASTER', 'launched', false, 'relaunch'],
  ['TASK_DROPPED', 'SOURCE_MASTER', 'launched', false, 'relaunch'],
  ['TASK_ERROR', 'SOURCE_MASTER', 'launched', false, 'relaunch'],
  // 11: LOST of a bound pod: its object goes, so that its controller replaces it.
  ['TASK_LOST', 'SOURCE_MASTER', 'running', false, 'replace'],
  ['TASK_LOST', 'SOURCE_AGENT', 'bound', false, 'replace'],
  ['TASK_FAILED', 'SOURCE_AGENT', 'running', false, 'replace'],
  ['TASK_GONE_BY_OPERATOR', 'SOURCE_MASTER', 'running', false, 'replace'],
  // Asked for by the scheduler itself.
  ['TASK_LOST', 'SOURCE_MASTER', 'running', true, 'ended'],
  ['TASK_KILLED', 'SOURCE_AGENT', 'launched', true, 'ended'],
])('%s from %s for a task that is %s (killed: %s): %s', (state, source, progress, killed, outcome) => {
  expect(decideOutcome({ state, source }, { progress, killed })).toBe(outcome);
});
