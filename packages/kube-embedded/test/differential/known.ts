import type { Known } from './verdict.js';

/** What the embedded server is known to answer otherwise than the real one. */
export const known: readonly Known[] = [];
