import { get } from 'node:http';
import { messageOf } from './errors.js';

/** Health of something that answers a GET with 200. (`fetch` would load a second HTTP client into the process.) */
export function checkHealth(url: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    get(url, { agent: false, signal: AbortSignal.timeout(2000) }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `${url} answers ${response.statusCode}`);
    }).on('error', (error) => resolve(`${url} does not answer: ${error.message}`));
  });
}

/**
 * Asks until the answer is undefined: what another process needs to come up has no event here. A text, or an error, says why it does not answer yet.
 * Rejects with the signal's reason.
 */
export async function awaitAnswer(
  ask: () => Promise<string | undefined>,
  options: { signal: AbortSignal; onWait?: (why: string) => void; pause?: number },
): Promise<void> {
  const { signal, onWait, pause = 50 } = options;
  for (;;) {
    signal.throwIfAborted();
    const why = await ask().catch(messageOf);
    if (why === undefined) return;
    signal.throwIfAborted();
    onWait?.(why);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
