import { createKubeClient } from '@kmd/kube-client';
import { startScheduler } from '@kmd/km';
import { runPart } from '../part.mjs';

runPart(async ({ server, credentials, mesosMaster }) => {
  const kube = createKubeClient({ server, ca: credentials.ca, token: credentials.token });
  const scheduler = await startScheduler({
    mesosMaster,
    kube,
    executor: { command: { shell: false, value: 'hollow-executor' } },
  });
  return {
    facts: () => scheduler.health(),
    async close() {
      await scheduler.close({ teardown: true });
      kube.close();
    },
  };
});
