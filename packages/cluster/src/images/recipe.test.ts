import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findKubeBinaries } from './kube-binaries.js';
import { assembleContext, imageNames } from './recipe.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kmd-images-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that does nothing, made `age` seconds ago. */
function program(path: string, age = 0): string {
  const whole = join(folder, path);
  mkdirSync(join(whole, '..'), { recursive: true });
  writeFileSync(whole, path);
  chmodSync(whole, 0o755);
  const time = Date.now() / 1000 - age;
  utimesSync(whole, time, time);
  return whole;
}

describe('assembleContext', () => {
  const images = fileURLToPath(new URL('../../images', import.meta.url));

  it.each(imageNames)('holds what the Dockerfile of %s copies', (name) => {
    for (const one of [
      'programs/km.js',
      'programs/mesos.js',
      'programs/executor.js',
      'ui/server.js',
      'ui/app/index.html',
    ]) {
      program(one);
    }
    const kubectl = program('kubectl');
    const binary = program('kube-apiserver');
    const files = { images, programs: join(folder, 'programs'), ui: join(folder, 'ui') };
    const context = assembleContext(name, files, { binaries: [binary], kubectl });
    try {
      const dockerfile = readFileSync(join(context.folder, 'Dockerfile'), 'utf8');
      const copied = [...dockerfile.matchAll(/^COPY (\S+)/gm)].map((match) => match[1] ?? '');
      expect(copied.length).toBeGreaterThan(0);
      for (const path of copied) expect(statSync(join(context.folder, path)).isDirectory()).toBe(true);
      expect(statSync(join(context.folder, 'bin/health-check')).mode & 0o777).toBe(0o755);
      expect(readFileSync(join(context.folder, 'kubernetes/kube-apiserver'), 'utf8')).toBe('kube-apiserver');
    } finally {
      context.remove();
    }
    expect(() => statSync(context.folder)).toThrow();
  });
});

describe('findKubeBinaries', () => {
  it('takes programs of the folder itself', () => {
    const path = program('kube-apiserver');
    expect(findKubeBinaries(folder, 'amd64')).toEqual([path]);
  });

  it('takes the newest that a Kubernetes tree has', () => {
    program('_output/local/bin/linux/amd64/kube-apiserver', 100);
    const newest = program('_output/dockerized/bin/linux/amd64/kube-apiserver', 10);
    const manager = program('platforms/linux/amd64/kube-controller-manager', 50);
    program('platforms/linux/arm64/kube-apiserver');
    expect(findKubeBinaries(folder, 'amd64')).toEqual([newest, manager]);
  });

  it('says where it looked', () => {
    expect(() => findKubeBinaries(folder)).toThrow(expect.objectContaining({ code: 'ToolMissing' }));
  });
});
