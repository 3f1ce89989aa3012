import type { Sequence } from '../sequence.js';
import { discovery } from './discovery.js';
import { extensions } from './extensions.js';
import { kinds } from './kinds.js';
import { lives } from './lives.js';
import { refused } from './refused.js';
import { requests } from './requests.js';
import { ruled } from './rules.js';
import { schemas } from './schemas.js';
import { subresources } from './subresources.js';
import { warnings } from './warnings.js';

export const sequences: readonly Sequence[] = [
  ...discovery,
  ...subresources,
  ...kinds,
  ...extensions,
  ...requests,
  ...refused,
  ...ruled,
  ...schemas,
  ...warnings,
  ...lives,
];
