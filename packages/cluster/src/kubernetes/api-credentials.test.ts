import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureCredentials } from '@kmd/kube-bootstrap';
import { expect, it } from 'vitest';
import { readApiCredentials } from './api-credentials.js';

it('reads what credentials are written as, a password with commas and quotes too', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'kmd-credentials-'));
  try {
    const adminPassword = 'a,b"c';
    const made = await ensureCredentials({
      dir,
      serviceCidr: '10.10.10.0/24',
      dnsDomain: 'cluster.local',
      adminPassword,
    });
    const read = await readApiCredentials({
      certificate: made.apiserver.certPath,
      key: made.apiserver.keyPath,
      tokens: made.tokensPath,
      users: made.usersPath,
    });
    expect(read.users).toEqual([{ username: 'admin', password: adminPassword, uid: 'admin', groups: [] }]);
    expect(read.tokens).toEqual([{ token: made.token, user: 'cluster-admin', uid: 'cluster-admin', groups: [] }]);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
