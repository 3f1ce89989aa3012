import { describe, expect, it } from 'vitest';
import { dockerHub, registryOf } from './registry-auth.js';

describe('the registry of an image', () => {
  it.each([
    ['busybox', dockerHub],
    ['library/busybox:1', dockerHub],
    ['docker.io/library/busybox', dockerHub],
    ['localhost/x', 'localhost'],
    ['127.0.0.1:5000/x@sha256:0', '127.0.0.1:5000'],
    ['registry.example.com/team/x:1', 'registry.example.com'],
  ])('%s', (reference, registry) => {
    expect(registryOf(reference)).toBe(registry);
  });
});
