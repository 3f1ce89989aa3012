import { expect, it } from 'vitest';
import { ignoreNotFound, KubeError } from './errors.js';

it('takes what is gone for no error, and nothing else', async () => {
  const fail = (code: string): Promise<string> => Promise.reject(new KubeError(404, code, 'it is not there'));
  expect(await fail('NotFound').catch(ignoreNotFound)).toBeUndefined();
  await expect(fail('Unreachable').catch(ignoreNotFound)).rejects.toMatchObject({ code: 'Unreachable' });
  const other = new Error('broken');
  await expect(Promise.reject(other).catch(ignoreNotFound)).rejects.toBe(other);
});
