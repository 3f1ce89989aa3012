import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { startControllers } from '@kmd/kube-embedded';
import { connectToApiServer } from './client.js';
import type { Component } from './component.js';

/** The controllers of `@kmd/kube-embedded`, against whatever API server they are told of. */
export const controllerManager: Component = {
  name: 'controller-manager',
  summary: 'the controllers',
  flags: {
    master: 'address of the API server',
    'root-ca-file': 'authority that pods are told to trust; its folder has the token file as well',
    'cluster-signing-cert-file': 'authority that signs requests for certificates; without it none is signed',
    'cluster-signing-key-file': 'its key',
    address: 'address of /healthz (0.0.0.0)',
    port: 'port of /healthz (10252)',
  },
  ignored: ['service-account-private-key-file', 'v'],
  async start(flags, { logger, signal }) {
    const rootCaFile = flags.get('root-ca-file');
    const kube = await connectToApiServer({
      server: flags.require('master'),
      ca: rootCaFile,
      userAgent: 'kube-controller-manager',
      signal,
    });
    const rootCa = rootCaFile === undefined ? undefined : await readFile(rootCaFile, 'utf8');
    const signingFile = flags.get('cluster-signing-cert-file');
    const controllers = startControllers({
      api: kube,
      logger,
      hollowVolumes: true,
      ...(rootCa === undefined ? {} : { rootCa }),
      ...(signingFile === undefined
        ? {}
        : {
            signingAuthority: {
              certificate: await readFile(signingFile, 'utf8'),
              key: await readFile(flags.require('cluster-signing-key-file'), 'utf8'),
            },
          }),
    });
    const server = createServer((request, response) => {
      const known = request.url === '/healthz';
      response.writeHead(known ? 200 : 404).end(known ? 'ok' : 'GET /healthz');
    });
    const host = flags.get('address') ?? '0.0.0.0';
    const port = flags.number('port', 10252);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return {
      state: `controllers at work, health on http://${host}:${port}/healthz`,
      close: async () => {
        server.close();
        server.closeAllConnections();
        await controllers.close();
        kube.close();
      },
    };
  },
};
