import { composePeer } from './compose-peer.mjs';
import { findEngine, obstacle, startEngine, stopEngine } from './engine.mjs';
import { makeImages } from './images.mjs';

const [command = 'status'] = process.argv.slice(2);

if (command === 'up') {
  const found = await findEngine();
  const reason = found === undefined ? obstacle() : undefined;
  if (reason !== undefined) {
    console.error(`test bed: no engine answers, and ${reason}`);
    process.exit(1);
  }
  const engine = found ?? (await startEngine());
  await makeImages(engine, ['small', 'base', 'etcd']);
  console.log(`export DOCKER_HOST=${engine.host}`);
} else if (command === 'status') {
  const engine = await findEngine();
  console.log(engine === undefined ? 'no engine answers' : `${engine.host}${engine.owned ? ' (of the test bed)' : ''}`);
} else if (command === 'down') {
  console.log((await stopEngine()) ? 'the engine of the test bed has ended' : 'the test bed runs no engine');
} else if (command === 'compose') {
  console.log(await composePeer());
} else {
  console.error(`test bed: ${command}: up, status, down and compose are known`);
  process.exit(2);
}
