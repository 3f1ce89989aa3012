import { describe, expect, it } from 'vitest';
import { ComposeError, diff, load, scale, type Project } from '../index.js';

async function projectOf(content: string): Promise<Project> {
  return (await load({ files: [{ path: 'compose.yaml', content }], workingDir: '/srv/shop' })).project;
}

const before = 'services: {web: {image: "a:1", ports: ["80:80"], scale: 1}, old: {image: a}}\nvolumes: {v: {}}';

describe('the difference of two projects', () => {
  it('is nothing between equal ones', async () => {
    expect(diff(await projectOf(before), await projectOf(before)).same).toBe(true);
  });

  it('names what was added, removed and changed, and which containers are made anew', async () => {
    const after =
      'services: {web: {image: "a:2", ports: ["81:80"], scale: 1}, new: {image: a}, old: {image: a, scale: 3}}\nvolumes: {v: {labels: {x: y}}}';
    const found = diff(await projectOf(before), await projectOf(after));
    expect(found.same).toBe(false);
    expect(found.services).toEqual({
      added: ['new'],
      removed: [],
      changed: [
        { name: 'old', changes: [{ path: 'scale', after: 3 }] },
        {
          name: 'web',
          changes: [
            { path: 'image', before: 'a:1', after: 'a:2' },
            { path: 'ports[0].published', before: '80', after: '81' },
          ],
        },
      ],
      recreated: ['web'],
    });
    expect(found.volumes.changed).toEqual([{ name: 'v', changes: [{ path: 'labels', after: { x: 'y' } }] }]);
  });
});

describe('scaling', () => {
  it('changes the numbers in a copy', async () => {
    const project = await projectOf('services: {web: {image: a, deploy: {replicas: 2}}, db: {image: b}}');
    const scaled = scale(project, { web: 5 });
    expect(scaled.services['web']).toMatchObject({ scale: 5, deploy: { replicas: 5 } });
    expect(project.services['web']?.scale).toBeUndefined();
    expect(scaled.services['db']).toBe(project.services['db']);
  });

  it.each([
    [{ wbe: 1 }, 'no such service: wbe (did you mean web?)'],
    [{ web: -1 }, 'services.web.scale: -1 is not a whole number from 0'],
    [{ db: 2 }, 'services.db: 2 containers cannot all be called "pg" (take container_name away)'],
  ])('refuses %j', async (replicas, message) => {
    const project = await projectOf('services: {web: {image: a}, db: {image: b, container_name: pg}}');
    expect(() => scale(project, replicas as unknown as Record<string, number>)).toThrow(ComposeError);
    expect(() => scale(project, replicas as unknown as Record<string, number>)).toThrow(message);
  });
});
