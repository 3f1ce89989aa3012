import type { DependencyGraph, Edge } from './graph.js';

/** What an edge says beyond "waits until it has started". */
function labelOf({ condition, required }: Edge): string {
  const says = condition === 'service_started' ? [] : [condition.replace(/^service_/, '').replaceAll('_', ' ')];
  return (required ? says : [...says, 'optional']).join(', ');
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/**
 * The graph as a Mermaid flowchart, an arrow from each service to what it waits for. Edges say a condition other than "started"; optional
 * ones are dotted.
 *
 * @example
 * toMermaid(dependencyGraph(project)); // 'flowchart LR\n  s0["db"]\n  s1["web"]\n  s1 --> s0\n'
 */
export function toMermaid(graph: DependencyGraph): string {
  // Service names may be words of Mermaid's own, such as `end`: nodes get ids apart from their names.
  const ids = new Map(graph.services.map((name, index) => [name, `s${index}`]));
  const nodes = graph.services.map((name) => `  ${ids.get(name) ?? ''}["${name.replaceAll('"', '#quot;')}"]`);
  const edges = graph.edges.map((edge) => {
    const label = labelOf(edge);
    const arrow = `${edge.required ? '-->' : '-.->'}${label === '' ? '' : `|${label}|`}`;
    return `  ${ids.get(edge.from) ?? ''} ${arrow} ${ids.get(edge.to) ?? ''}`;
  });
  return ['flowchart LR', ...nodes, ...edges, ''].join('\n');
}

/** The graph in Graphviz' DOT language, drawn as `toMermaid` draws it. */
export function toDot(graph: DependencyGraph, name = 'compose'): string {
  const nodes = graph.services.map((service) => `  ${quote(service)};`);
  const edges = graph.edges.map((edge) => {
    const label = labelOf(edge);
    const styles = [...(label === '' ? [] : [`label=${quote(label)}`]), ...(edge.required ? [] : ['style=dashed'])];
    return `  ${quote(edge.from)} -> ${quote(edge.to)}${styles.length === 0 ? '' : ` [${styles.join(', ')}]`};`;
  });
  return [`digraph ${quote(name)} {`, '  rankdir=LR;', '  node [shape=box];', ...nodes, ...edges, '}', ''].join('\n');
}
