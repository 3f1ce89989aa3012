// A custom executor as a user would write it: every task is a sleeping child. It survives its agent, and may be killed at any point.
import { spawn, type ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import {
  createExecutorClient,
  fromBase64,
  parseExecutorEnvironment,
  type TaskInfo,
  type TaskState,
} from '@kmd/mesos-client';
import { TASK } from '../markers.js';

const executor = createExecutorClient({ environment: parseExecutorEnvironment(process.env) });
const children = new Map<string, ChildProcess>();

function report(taskId: string, state: TaskState, message?: string): void {
  executor
    .update({ task_id: { value: taskId }, state, ...(message === undefined ? {} : { message }) })
    .catch((error: unknown) => {
      console.error(`${taskId} ${state} was refused:`, error);
    });
}

function start({ task_id: { value: id }, data = '' }: TaskInfo): void {
  const { start: path, seconds } = JSON.parse(fromBase64(data).toString()) as { start: string; seconds: number };
  appendFileSync(path, `${String(process.pid)}\n`);
  report(id, 'TASK_STARTING');
  const child = spawn('sleep', [String(seconds)], { env: { ...process.env, [TASK]: id }, stdio: 'ignore' });
  children.set(id, child);
  report(id, 'TASK_RUNNING');
  child.once('exit', (code, signal) => {
    children.delete(id);
    report(
      id,
      code === 0 ? 'TASK_FINISHED' : signal === 'SIGTERM' ? 'TASK_KILLED' : 'TASK_FAILED',
      `${String(code)} ${String(signal)}`,
    );
  });
}

for await (const event of executor.subscribe()) {
  console.error(new Date().toISOString(), event.type);
  if (event.type === 'LAUNCH') start(event.launch.task);
  if (event.type === 'KILL') children.get(event.kill.task_id.value)?.kill();
  if (event.type === 'SHUTDOWN') break;
}
console.error('ended:', executor.end);
for (const child of children.values()) child.kill('SIGKILL');
process.exit(0);
