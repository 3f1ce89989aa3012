import { mergeKubeconfig, removeKubeconfig } from '../src/index.js';

/** A process of its own: merges the context that it is told into the file, and takes it out again where it is told so. */
const [path = '', context = '', and] = process.argv.slice(2);
const patience = 120_000;
const entry = { context, cluster: { server: `https://${context}` }, user: { token: context } };
await mergeKubeconfig({ env: {}, path, entry, patience });
if (and === 'remove') await removeKubeconfig({ env: {}, path, context, patience });
