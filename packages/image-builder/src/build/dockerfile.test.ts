import { describe, expect, it } from 'vitest';
import { baseImages, needsBuildkit } from './dockerfile.js';

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
    { text: 'FROM a\nRUN --mount=type=bind,from=b,target=/b --mount=type=cache,target=/c true', images: ['a', 'b'] },
    { text: 'FROM base-$TARGETARCH', images: [] },
    { text: 'FROM a\nRUN one \\\n  # FROM no\n  two', images: ['a'] },
    { text: '# FROM no\nfrom \\\n  busybox', images: ['busybox'] },
  ])('$text', ({ text, args, images }) => {
    expect(baseImages(text, args)).toEqual(images);
  });
});

describe('a Dockerfile', () => {
  it.each([
    'RUN --mount=type=cache,target=/c make',
    'RUN --network=none --mount=type=secret,id=x make',
    'run \\\n  --mount=type=ssh git clone',
    'COPY --from=a --link / /',
    'ADD --checksum=sha256:0 https://example.com/a /a',
    'RUN <<EOF\necho\nEOF',
    'COPY <<-"EOF" /file\nEOF',
    'RUN python3 <<END',
  ])('needs BuildKit for %j', (line) => {
    expect(needsBuildkit(`FROM a\n${line}\n`)).toBe(true);
  });

  it.each(['RUN make --mount=x', 'COPY --chown=1 a b', 'RUN echo $((1<<2))', '# RUN --mount=type=ssh x', 'RUN a << 1'])(
    'does not need it for %j',
    (line) => {
      expect(needsBuildkit(`FROM a\n${line}\n`)).toBe(false);
    },
  );
});
