import { describe, expect, it } from 'vitest';
import { dependencyGraph, load, printCodeFrame, toDot, toMermaid } from '../index.js';

const content = `
services:
  web: {image: a, depends_on: {db: {condition: service_healthy}, cache: {condition: service_started, required: false}}, links: [end]}
  db: {image: a}
  cache: {image: a}
  end: {image: a}
`;

describe('the drawn graph', () => {
  it('is a Mermaid flowchart', async () => {
    const { project } = await load({ files: [{ path: 'compose.yaml', content }], workingDir: '/srv/shop' });
    expect(toMermaid(dependencyGraph(project))).toBe(`flowchart LR
  s0["cache"]
  s1["db"]
  s2["end"]
  s3["web"]
  s3 -.->|optional| s0
  s3 -->|healthy| s1
  s3 --> s2
`);
  });

  it('is a DOT digraph', async () => {
    const { project } = await load({ files: [{ path: 'compose.yaml', content }], workingDir: '/srv/shop' });
    const text = toDot(dependencyGraph(project), project.name);
    expect(text).toContain('digraph "shop" {');
    expect(text).toContain('  "web" -> "cache" [label="optional", style=dashed];');
    expect(text).toContain('  "web" -> "db" [label="healthy"];');
    expect(text).toContain('  "web" -> "end";');
  });
});

describe('a code frame', () => {
  const text = 'services:\n  web:\n    imagee: nginx\n    ports: []\n';

  it('marks the column of the place', () => {
    const diagnostic = { code: 'schema', message: 'x', path: '', file: 'compose.yaml', line: 3, column: 5 } as const;
    expect(printCodeFrame(diagnostic, text)).toBe(`  2 |   web:
> 3 |     imagee: nginx
    |     ^
  4 |     ports: []
`);
  });

  it('is empty without a place, and short for a long line', () => {
    const nowhere = { code: 'io', message: 'x', path: '' } as const;
    expect(printCodeFrame(nowhere, text)).toBe('');
    const far = { ...nowhere, line: 1, column: 5001 };
    const frame = printCodeFrame(far, `${'a'.repeat(5000)}b${'c'.repeat(5000)}`);
    expect(frame.length).toBeLessThan(300);
    const [line = '', mark = ''] = frame.split('\n');
    expect(line[mark.indexOf('^')]).toBe('b');
  });
});
