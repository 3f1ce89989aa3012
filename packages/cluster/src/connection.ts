import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ClusterError, messageOf } from './errors.js';
import type { ClusterPaths } from './state/paths.js';
import type { ClusterRecord } from './state/record.js';

/** How to reach a cluster's API server as its administrator: what `createKubeClient` takes. PEM text and a bearer token. */
export interface ApiConnection {
  server: string;
  ca: string;
  token: string;
}

export function connectionOf(paths: ClusterPaths, record: Pick<ClusterRecord, 'apiServer'>): ApiConnection {
  try {
    return {
      server: record.apiServer,
      ca: readFileSync(join(paths.auth, 'root-ca.crt'), 'utf8'),
      // `token,user,uid` a line; the first is the administrator's.
      token: readFileSync(join(paths.auth, 'token-users'), 'utf8').split(',', 1)[0] ?? '',
    };
  } catch (error) {
    throw new ClusterError(
      'NotRunning',
      `the credentials of the cluster cannot be read: ${messageOf(error)}; bring it up again with kmd down and kmd up`,
      { cause: error },
    );
  }
}
