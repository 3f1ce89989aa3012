import { objects, places } from '../../hostile/objects.js';
import { type FuzzedRequest, fuzzRequest } from '../../hostile/request-fuzz.js';
import { randomFrom } from '../../random.js';
import { type Server, send } from '../play.js';
import type { Suite, Told } from '../suite.js';
import { handMade } from './hand-made.js';
import { exchangeRaw, rawRequests } from './raw.js';
import { exchange } from './exchange.js';

/** The namespace that hostile requests are about. */
const namespace = 'fuzz';

/** What stands at each place before every request. */
const standing: readonly { readonly collection: string; readonly name: string; readonly body: unknown }[] =
  objects.flatMap((body) => {
    const { kind, metadata } = Object(body) as { kind?: string; metadata?: { name: string } };
    const collection = kind === undefined ? undefined : places[kind];
    return collection === undefined || metadata === undefined ? [] : [{ collection, name: metadata.name, body }];
  });

const owned = (collection: string): boolean => collection.includes(`/namespaces/${namespace}/`);

async function stand(server: Server, places: typeof standing): Promise<void> {
  for (const { collection, body } of places) {
    const { status, text } = await send(server, { method: 'POST', path: collection, body });
    if (status !== 201) throw new Error(`${collection} took nothing that hostile requests could be about: ${text}`);
  }
}

/** Everything of the namespace as it was. */
async function renew(server: Server): Promise<void> {
  const mine = standing.filter(({ collection }) => owned(collection));
  for (const { collection, name } of mine) {
    await send(server, {
      method: 'DELETE',
      path: `${collection}/${name}`,
      query: { gracePeriodSeconds: '0', propagationPolicy: 'Background' },
    });
  }
  await stand(server, mine);
}

async function begin(server: Server): Promise<void> {
  await send(server, { method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  for (const name of ['default', 'a'])
    await send(server, { method: 'POST', path: accounts, body: { metadata: { name } } });
  const isDefinition = ({ name }: (typeof standing)[number]): boolean => name.includes('.');
  await stand(server, standing.filter(isDefinition));
  const custom = places['Thing'] ?? '';
  while ((await send(server, { path: custom })).status !== 200)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await stand(
    server,
    standing.filter((one) => !isDefinition(one)),
  );
}

/**
 * The request for a server that is to stay as it is: nothing is kept of what it writes. What the body of a deletion says counts in place of its query, so
 * beyond the namespace, which is renewed, deletions have none.
 */
function harmless({ method, path, headers, body }: FuzzedRequest): FuzzedRequest {
  const dry = method === 'GET' ? path : `${path}${path.includes('?') ? '&' : '?'}dryRun=All`;
  if (method !== 'DELETE' || owned(path)) return { method, path: dry, headers, body };
  return { method, path: dry, headers: { ...headers, 'content-length': '0' }, body: undefined };
}

/** The hostile requests that were made by hand, and those of a seed, by name. */
export function hostileRequests(count: number, seed: number): ReadonlyMap<string, FuzzedRequest> {
  const random = randomFrom(seed);
  const drawn = Array.from({ length: count }, (_, index): [string, FuzzedRequest] => [
    `request ${index} of seed ${seed}`,
    fuzzRequest(random),
  ]);
  return new Map([...Object.entries(handMade), ...drawn].map(([name, request]) => [name, harmless(request)]));
}

/** The hostile requests, each to a server in the same state. */
export const hostile = (requests: ReadonlyMap<string, FuzzedRequest>): Suite => ({
  name: 'hostile',
  entries: 'hostile requests',
  async play(server) {
    await begin(server);
    const told: Record<string, Told[string]> = {};
    for (const [name, request] of requests) {
      const answer = await exchange(server, request);
      told[name] = [answer];
      // What is not acceptable is found out when all is done.
      const done = answer.status < 300 || answer.status === 406;
      if (request.method === 'DELETE' && request.body !== undefined && done) await renew(server);
    }
    for (const [name, bytes] of Object.entries(rawRequests)) told[name] = [await exchangeRaw(server, bytes)];
    return told;
  },
});
