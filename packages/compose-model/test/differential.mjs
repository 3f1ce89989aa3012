import { runBundled } from './run-bundled.mjs';

await runBundled(new URL('./run-differential.ts', import.meta.url));
