import { describe, expect, it } from 'vitest';
import { copiedPaths } from './copied-paths.js';

describe('the paths that a Dockerfile reads', () => {
  it.each([
    { text: 'FROM a\nRUN make', paths: [] },
    { text: 'FROM a\nCOPY one two/ /to/\nadd three /', paths: ['one', 'two/', 'three'] },
    { text: 'FROM a\nCOPY . .', paths: ['.'] },
    { text: 'FROM a\nCOPY --chown=1:1 --chmod=755 x /', paths: ['x'] },
    { text: 'FROM a\nCOPY --from=b x /', paths: [] },
    { text: 'FROM a\nCOPY ["with space", "b", "/to"]', paths: ['with space', 'b'] },
    { text: 'FROM a\nCOPY [a-z].txt /to', paths: ['[a-z].txt'] },
    { text: 'FROM a\nCOPY $FROM/x /to', paths: ['$FROM/x'] },
    { text: 'FROM a\nCOPY one \\\n  # no more\n\n  two /to', paths: ['one', 'two'] },
    { text: '# escape=`\nFROM a\nCOPY one `\n  two /to', paths: ['one', 'two'] },
    { text: 'FROM a\nADD https://example.com/x git@example.com:x.git y /to', paths: ['y'] },
    { text: 'FROM a\nCOPY <<EOF x /to\ntext\nEOF', paths: ['x'] },
    { text: 'FROM a\nRUN --mount=target=/m --mount=type=cache,target=/c make', paths: [''] },
    { text: 'FROM a\nRUN --mount=type=bind,source=src,target=/m make', paths: ['src'] },
    { text: 'FROM a\nRUN --mount=type=bind,from=b,source=src,target=/m make', paths: [] },
    { text: 'FROM a\nONBUILD COPY x /to', paths: ['x'] },
    { text: '# syntax=docker/dockerfile:1\nFROM a\nCOPY x /to', paths: ['x'] },
    { text: '# syntax=example.com/other\nFROM a\nCOPY x /to', paths: [''] },
  ])('$text', ({ text, paths }) => {
    expect(copiedPaths(text)).toEqual(paths);
  });
});
