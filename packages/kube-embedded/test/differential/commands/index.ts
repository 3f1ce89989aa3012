import type { Command } from './command.js';
import { creating } from './creating.js';
import { deleting } from './deleting.js';
import { finding } from './finding.js';
import { nodes } from './nodes.js';
import { updating } from './updating.js';

/**
 * What Kubernetes' quick reference has that needs no container, and what stands beside it in kubectl's own help; less what asks no server (`config`,
 * `completion`).
 */
export const commands: readonly Command[] = [...creating, ...finding, ...updating, ...nodes, ...deleting];
