import { runBundled } from './run-bundled.mjs';

await runBundled(new URL('./print-facts.ts', import.meta.url));
