import { describe, expect, it } from 'vitest';
import type { ContainerState } from '../engine/docker-engine.js';
import type { Awaited } from '../plan/action.js';
import { judge } from './wait.js';

const state = (more: Partial<ContainerState>): ContainerState => ({
  id: '1',
  name: 'demo-a-1',
  status: 'running',
  exitCode: 0,
  healthLog: [],
  error: '',
  tty: false,
  ...more,
});

const rows: { condition: Awaited['condition']; is: Partial<ContainerState>; verdict: true | string | undefined }[] = [
  { condition: 'service_healthy', is: { health: 'starting' }, verdict: undefined },
  { condition: 'service_healthy', is: { health: 'healthy' }, verdict: true },
  { condition: 'service_healthy', is: { health: 'unhealthy' }, verdict: 'container demo-a-1 is unhealthy' },
  {
    condition: 'service_healthy',
    is: { health: 'unhealthy', healthLog: ['fine', 'no route'] },
    verdict: 'container demo-a-1 is unhealthy (its check says: no route)',
  },
  { condition: 'service_healthy', is: {}, verdict: 'container demo-a-1 has no health check' },
  { condition: 'service_healthy', is: { status: 'exited', exitCode: 1 }, verdict: 'container demo-a-1 exited (1)' },
  { condition: 'service_healthy', is: { status: 'exited' }, verdict: 'container demo-a-1 exited (0)' },
  { condition: 'service_completed_successfully', is: {}, verdict: undefined },
  { condition: 'service_completed_successfully', is: { status: 'exited' }, verdict: true },
  {
    condition: 'service_completed_successfully',
    is: { status: 'exited', exitCode: 2 },
    verdict: 'container demo-a-1 did not complete successfully: exit 2',
  },
  { condition: 'running_or_healthy', is: {}, verdict: true },
  { condition: 'running_or_healthy', is: { status: 'created' }, verdict: undefined },
  { condition: 'running_or_healthy', is: { status: 'restarting' }, verdict: undefined },
  { condition: 'running_or_healthy', is: { health: 'starting' }, verdict: undefined },
  { condition: 'running_or_healthy', is: { status: 'exited' }, verdict: true },
  { condition: 'running_or_healthy', is: { status: 'exited', exitCode: 1 }, verdict: 'container demo-a-1 exited (1)' },
];

describe('a condition', () => {
  it.each(rows)('$condition of a container that is $is', ({ condition, is, verdict }) => {
    const found = judge(condition, state(is));
    expect(found === undefined ? undefined : found.ready ? true : found.why).toBe(verdict);
  });
});
