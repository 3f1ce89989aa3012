import { Agent, request } from 'node:https';

/** A client with keep-alive connections, at most so many at once. Answers' bodies are read, and parsed only by `json`. */
export function createClient({ url, token }, connections) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections, rejectUnauthorized: false });
  const open = (method, path, { body, type = 'application/json' } = {}) => {
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    if (body !== undefined) Object.assign(headers, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    const asked = request(`${url}${path}`, { method, agent, headers });
    asked.end(body);
    return new Promise((resolve, reject) => {
      asked.once('response', resolve);
      asked.once('error', reject);
    });
  };
  return {
    /** The answer's bytes. Throws for a refusal. */
    async send(method, path, options) {
      const response = await open(method, path, options);
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      if (response.statusCode >= 300) throw new Error(`${method} ${path}: ${response.statusCode} ${bytes.toString()}`);
      return bytes;
    },
    open: (path) => open('GET', path),
    close: () => agent.destroy(),
  };
}

/** Does `work` for 0 to count-1, so many at once. */
export async function repeat(count, atOnce, work) {
  let next = 0;
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      while (next < count) await work(next++);
    }),
  );
}
