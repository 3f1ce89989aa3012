import type { Handler } from '../http/server.js';
import type { Master } from './master.js';

/** `/`: what there is, for eyes. Mesos serves its web UI here, which this package has not. */
export function overviewPage(master: Master): Handler {
  return (_request, reply) => {
    const agents = [...master.agents.values()].map(({ id, info }) => `${info.hostname} (${id})`);
    const frameworks = [...master.frameworks.values()].map(({ id, info }) => `${info.name} (${id})`);
    const links = ['state', 'frameworks', 'slaves', 'tasks', 'roles', 'metrics/snapshot', 'flags', 'help'];
    const body = `<h1>${escape(master.flags.cluster ?? 'Mesos')}</h1>
<p>An embedded Mesos master, ${escape(master.pid)}. Its state as JSON: ${links.map((path) => `<a href="${path}">/${path}</a>`).join(', ')}.</p>
${list('Agents', agents)}
${list('Frameworks', frameworks)}`;
    reply.page(page('Mesos', body), ['length', 'type']);
  };
}

/** `/help`: the paths that are answered. */
export function helpPage(paths: readonly string[]): Handler {
  return (_request, reply) => {
    reply.page(page('Help', list('Endpoints', [...new Set(paths)].sort())), ['type', 'length']);
  };
}

function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${escape(title)}</title></head>
<body>
${body}
</body>
</html>
`;
}

function list(heading: string, items: readonly string[]): string {
  return `<h2>${escape(heading)}</h2>
<ul>${items.map((item) => `<li>${escape(item)}</li>`).join('')}</ul>`;
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
