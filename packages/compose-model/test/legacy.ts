import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ComposeError, load, toJson, type Project } from '../src/index.js';
import { compare, doubleDollars, loadCase, parseYaml, substitute, type Case } from './corpus.js';

/**
 * A case of the old formats. Files that today's implementation reads too must give what it makes of them (`modern`). It does not read
 * files of version 1: for these the output of docker-compose 1.29.2 says what is right, by being loaded in its turn.
 */
export async function runLegacy(folder: string, one: Case): Promise<string | undefined> {
  const wanted = one.modern ?? {};
  const expected = one.expect ?? {};
  const refused =
    one.area === 'v1' || one.modern === undefined ? expected.error !== undefined : wanted.error !== undefined;
  let project: Project;
  try {
    project = (await loadCase(folder, one)).loaded.project;
  } catch (error) {
    if (!(error instanceof ComposeError)) throw error;
    return refused ? undefined : `refused: ${error.message}`;
  }
  if (refused) return `no error; expected ${expected.error?.contains ?? wanted.error ?? ''}`;
  if (expected.output !== undefined) {
    return compare(Object.keys(project.services), expected.output.trim().split('\n').sort(), 'services');
  }
  if (one.area !== 'v1' && wanted.project !== undefined) {
    return compare(doubleDollars(JSON.parse(JSON.stringify(toJson(project)))), substitute(wanted.project, folder), '');
  }
  const [actual, meant] = [
    project,
    await reload(folder, await printedOf(folder, expected.yamlFile ?? 'expected.yml')),
  ].map(comparable);
  return compare(actual, meant, '');
}

async function printedOf(folder: string, file: string): Promise<unknown> {
  return substitute(await parseYaml(readFileSync(join(folder, file), 'utf8')), folder);
}

/** The project that the output of docker-compose 1.29.2 describes. */
export async function reload(folder: string, printed: unknown): Promise<Project> {
  const content = JSON.stringify(printed, (key, value: unknown) => {
    // Today's form has no prefix for services here, and no driver for all volumes of a service.
    if (key === 'volume_driver') return undefined;
    if (key !== 'volumes_from' || !Array.isArray(value)) return value;
    return value.map((item: unknown) => String(item).replace(/^service:/, ''));
  });
  const steps = { consistency: false, normalisation: true };
  const { project } = await load({
    files: [{ path: 'expected.yml', content }],
    workingDir: folder,
    projectName: 'legacy',
    environment: { HOME: '/home/user' },
    steps,
  });
  return project;
}

/** The services, without what two spellings of one thing leave different. */
export function comparable(project: Project): unknown {
  const services = Object.entries(project.services).map(([name, service]) => {
    const volumes = service.volumes?.toSorted((a, b) => ((a.target ?? '') < (b.target ?? '') ? -1 : 1));
    const from = service.volumes_from?.map((item) => item.replace(/:rw$/, ''));
    return [name, { ...service, ...(volumes && { volumes }), ...(from && { volumes_from: from }) }];
  });
  return JSON.parse(JSON.stringify(Object.fromEntries(services)));
}
