// Runs the corpus from TypeScript sources: they are bundled into memory first.
import { runBundled } from './run-bundled.mjs';

await runBundled(new URL('./run-corpus.ts', import.meta.url));
