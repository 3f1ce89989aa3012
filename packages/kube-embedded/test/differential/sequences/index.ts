import type { Sequence } from '../sequence.js';
import { lives } from './lives.js';
import { refused } from './refused.js';
import { whole } from './whole.js';

export const sequences: readonly Sequence[] = [...whole, ...refused, ...lives];
