// A custom executor as small as it can be: tells every state, echoes messages, and misbehaves on demand (MODE). With MODE=reconnect it
// comes back when its agent does, and brings what that has not heard; with MODE=lost it stays and never comes back.
import { randomUUID } from 'node:crypto';
import { request } from 'node:http';

const { MESOS_AGENT_ENDPOINT, MESOS_EXECUTOR_ID, MESOS_FRAMEWORK_ID, MODE } = process.env;
const ids = { executor_id: { value: MESOS_EXECUTOR_ID }, framework_id: { value: MESOS_FRAMEWORK_ID } };

function post(body, onResponse) {
  return new Promise((resolve) => {
    const json = JSON.stringify({ ...ids, ...body });
    const call = request(`http://${MESOS_AGENT_ENDPOINT}/api/v1/executor`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) },
    });
    call.on('response', (response) => {
      if (onResponse) onResponse(response);
      else response.resume();
      response.on('close', resolve);
    });
    call.on('error', () => (MODE === 'reconnect' ? resolve() : process.exit(1)));
    call.end(json);
  });
}

const unacknowledged = new Map();
const waiting = [];

async function update(task_id, state, message) {
  const uuid = Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64');
  const status = { task_id, state, message, uuid, source: 'SOURCE_EXECUTOR' };
  unacknowledged.set(uuid, { status });
  await post({ type: 'UPDATE', update: { status } });
}

async function handle(event) {
  console.log(JSON.stringify(event));
  if (event.type === 'LAUNCH') {
    await update(event.launch.task.task_id, 'TASK_STARTING');
    await update(event.launch.task.task_id, 'TASK_RUNNING', 'running!');
  } else if (event.type === 'ACKNOWLEDGED') {
    unacknowledged.delete(event.acknowledged.uuid);
  } else if (event.type === 'KILL') {
    await update(event.kill.task_id, 'TASK_KILLED', 'as asked');
  } else if (event.type === 'MESSAGE') {
    const text = Buffer.from(event.message.data, 'base64').toString();
    if (text === 'exit42') process.exit(42);
    // A task that ends while the agent is away.
    if (text.startsWith('later:')) waiting.push({ value: text.slice('later:'.length) });
    await post({ type: 'MESSAGE', message: { data: Buffer.from(`echo:${text}`).toString('base64') } });
  } else if (event.type === 'SHUTDOWN' && MODE !== 'stubborn') {
    process.exit(0);
  }
}

if (MODE === 'silent') setInterval(() => undefined, 1000);
else {
  process.on('SIGTERM', () => {
    if (MODE !== 'stubborn') process.exit(0);
  });
  await subscribe();
  if (MODE === 'lost') setInterval(() => undefined, 1000);
  while (MODE === 'reconnect') {
    for (const id of waiting.splice(0)) await update(id, 'TASK_FINISHED', 'finished while agent was down');
    await new Promise((resolve) => setTimeout(resolve, 50));
    await subscribe();
  }
}

async function subscribe() {
  let rest = Buffer.alloc(0);
  let queue = Promise.resolve();
  await post({ type: 'SUBSCRIBE', subscribe: { unacknowledged_updates: [...unacknowledged.values()] } }, (response) => {
    response.on('error', () => undefined);
    response.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk]);
      for (;;) {
        const end = rest.indexOf('\n');
        const length = Number(rest.subarray(0, end).toString());
        if (end < 0 || rest.length < end + 1 + length) return;
        const event = JSON.parse(rest.subarray(end + 1, end + 1 + length).toString());
        rest = rest.subarray(end + 1 + length);
        queue = queue.then(() => handle(event));
      }
    });
  });
}
