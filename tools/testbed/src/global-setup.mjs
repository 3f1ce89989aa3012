import { composePeer } from './compose-peer.mjs';
import { findEngine, obstacle, startEngine, stopEngine } from './engine.mjs';
import { images, makeImages } from './images.mjs';
import { startRegistry } from './registry.mjs';

/**
 * Before the tests: an engine and the images. Tests get `testbed` from vitest's `inject`: `{ host, images, compose, pullable }`, or
 * `undefined` when there is no engine and none can be started; they skip then.
 * @param {import('vitest/node').TestProject} project
 */
export default async function setup(project) {
  const found = await findEngine();
  const reason = found === undefined ? obstacle() : undefined;
  if (reason !== undefined) {
    console.log(`test bed: skipped, no engine answers and ${reason}`);
    project.provide('testbed', undefined);
    return undefined;
  }
  const engine = found ?? (await startEngine());
  await makeImages(engine, ['small', 'base', 'etcd']);
  let compose;
  try {
    compose = await composePeer();
  } catch (error) {
    console.log(
      `test bed: no docker compose to compare with: ${error instanceof Error ? error.message.split('\n')[0] : error}`,
    );
  }
  const registry = await startRegistry();
  const pullable = await registry.push(engine, images.small, 'testbed/small:1');
  project.provide('testbed', { host: engine.host, images, compose, pullable });
  return async () => {
    await registry.close();
    // An engine that was there before stays.
    if (found === undefined) await stopEngine();
  };
}
