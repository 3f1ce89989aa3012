import { describe, expect, it } from 'vitest';
import { baseImages } from './dockerfile.js';

describe('the base images of a Dockerfile', () => {
  it.each([
    { text: 'FROM busybox', images: ['busybox'] },
    {
      text: 'FROM --platform=$BUILDPLATFORM node:24 AS build\nFROM scratch\nCOPY --from=build /a /',
      images: ['node:24'],
    },
    { text: 'FROM a AS x\nFROM x\nFROM b\nCOPY --from=0 / /\nCOPY --from=c:1 / /', images: ['a', 'b', 'c:1'] },
    { text: 'ARG TAG=1\nARG REPO="r"\nFROM ${REPO}:${TAG}', images: ['r:1'] },
    { text: 'ARG TAG\nFROM a:${TAG:-latest}', images: ['a:latest'] },
    { text: 'ARG TAG=1\nFROM a:$TAG', args: { TAG: '2' }, images: ['a:2'] },
    { text: 'ARG BASE\nFROM $BASE', images: [] },
    { text: '# FROM no\nfrom \\\n  busybox', images: ['busybox'] },
  ])('$text', ({ text, args, images }) => {
    expect(baseImages(text, args)).toEqual(images);
  });
});
