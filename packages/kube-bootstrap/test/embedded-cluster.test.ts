import { afterAll, beforeAll, describe } from 'vitest';
import { testOnCluster } from './cluster-suite.js';
import { startEmbeddedServer, type EmbeddedServer } from './embedded-server.js';

describe('the embedded API server with its controllers', () => {
  let embedded: EmbeddedServer;
  beforeAll(async () => {
    embedded = await startEmbeddedServer();
  });
  afterAll(() => embedded.close());
  testOnCluster(() => embedded.api);
});
