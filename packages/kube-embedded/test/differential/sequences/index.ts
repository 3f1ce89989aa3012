import type { Sequence } from '../sequence.js';
import { clients } from './clients.js';
import { discovery } from './discovery.js';
import { extensions } from './extensions.js';
import { kinds } from './kinds.js';
import { lives } from './lives.js';
import { mistakes } from './mistakes.js';
import { refused } from './refused.js';
import { requests } from './requests.js';
import { ruled } from './rules.js';
import { schemas } from './schemas.js';
import { warnings } from './warnings.js';
import { subresources } from './subresources.js';

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
  ...clients,
  ...mistakes,
  ...lives,
];
