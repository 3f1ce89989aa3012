/* One instance of the framework: `framework.mjs SETTINGS.json`. */
import { readFileSync } from 'node:fs';
import { createKubeClient, jsonLogger } from '@kmd/kube-client';
import { runFramework } from '@kmd/km';
import { RUN } from '../markers.js';
import type { FrameworkSettings } from './settings.js';

const { master, apiServer, executor, run } = JSON.parse(
  readFileSync(process.argv[2] ?? '', 'utf8'),
) as FrameworkSettings;
const logger = jsonLogger((line) => process.stdout.write(line), { debug: true });
const kube = createKubeClient({ server: apiServer, userAgent: 'soak-framework' });
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());

await runFramework(
  {
    mesosMaster: master,
    kube,
    executor: {
      command: {
        shell: false,
        value: executor[0],
        arguments: [...executor],
        environment: {
          variables: Object.entries({ [RUN]: run, KM_API_SERVER: apiServer }).map(([name, value]) => ({ name, value })),
        },
      },
    },
    election: { leaseDuration: 4_000, renewDeadline: 3_000, retryPeriod: 500 },
    initialPodBackoff: 100,
    maxPodBackoff: 2_000,
    offerTtl: 1_000,
    reconcileInterval: 15_000,
    lostNodeGrace: 10_000,
    logger,
    onState: (state) => logger.info({ state: state.state }, 'state'),
  },
  stop.signal,
);
kube.close();
