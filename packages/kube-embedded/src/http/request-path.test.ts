import { describe, expect, it } from 'vitest';
import { encodePath, readRequestPath } from './request-path.js';

/** What a real kube-apiserver 1.33 takes the paths for, told by its answers. */
describe('the target of a request', () => {
  it.each([
    ['/api/v1/nodes', '/api/v1/nodes'],
    ['/api/v1/namespaces/../nodes', '/api/v1/namespaces/../nodes'],
    ['//api/v1/nodes', '//api/v1/nodes'],
    ['/api/v1/namespaces%2Fdefault', '/api/v1/namespaces/default'],
    ['/api/v1/namespaces/default#x', '/api/v1/namespaces/default#x'],
    ['/api/v1/nodes/%C3%BC%20%2525', '/api/v1/nodes/ü %25'],
    ['/api/v1/nodes/%ff%fe', '/api/v1/nodes/\ufffd\ufffd'],
    ['http://other:80/version?x', '/version'],
    ['http://other', '/'],
    ['*', '*'],
  ])('%s names %s', (target, path) => {
    expect(readRequestPath(target)?.path).toBe(path);
  });

  it.each(['/api/%zz', '/api/%f', '/%'])('%s names nothing', (target) => {
    expect(readRequestPath(target)).toBeUndefined();
  });

  it('passes over what is no pair of a query', () => {
    const query = readRequestPath('/?a=1;b=2&c=%zz&d=%2B+e&d=f&%')?.query;
    expect([...(query ?? [])]).toEqual([
      ['d', '+ e'],
      ['d', 'f'],
    ]);
  });

  it('is written back so that it names the same', () => {
    for (const path of ['/a b/ü?#%2F', '/@:=+$&,;', '/\ufffd']) {
      expect(readRequestPath(encodePath(path))?.path).toBe(path);
    }
  });
});
