import type { Tree } from '../tree/tree.js';
import { InvalidTemplate, parseTemplate } from './template.js';

/** What a template says of a variable: its default, its alternative, whether it must be set. */
export interface Variable {
  readonly name: string;
  readonly defaultValue?: string;
  /** Text taken when the variable is set. */
  readonly presenceValue?: string;
  readonly required?: boolean;
}

/** The variables that a tree mentions, nested ones included, sorted by name; of a repeated one the last mention counts. */
export function variablesOf(tree: Tree): readonly Variable[] {
  const found = new Map<string, Variable>();
  collect(tree, found);
  return [...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function collect(tree: Tree, found: Map<string, Variable>): void {
  if (tree.kind === 'list') for (const item of tree.items) collect(item, found);
  else if (tree.kind === 'map') for (const value of tree.entries.values()) collect(value, found);
  else if (typeof tree.value === 'string') collectText(tree.value, found);
}

function collectText(text: string, found: Map<string, Variable>): void {
  try {
    for (const segment of parseTemplate(text)) {
      if (typeof segment === 'string') continue;
      const { name } = segment;
      if (segment.operator === undefined) {
        found.set(name, { name });
        continue;
      }
      const { operator, operand } = segment;
      if (operator.endsWith('-')) found.set(name, { name, defaultValue: operand });
      else if (operator.endsWith('+')) found.set(name, { name, presenceValue: operand });
      else found.set(name, { name, required: true });
      collectText(operand, found);
    }
  } catch (error) {
    if (!(error instanceof InvalidTemplate)) throw error;
  }
}
