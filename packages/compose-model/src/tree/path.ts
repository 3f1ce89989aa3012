/** The way to a value: keys of mappings and indices of lists, from the root. */
export type Path = readonly (string | number)[];

/** A path that a walk lengthens and shortens as it goes: whoever keeps it makes a copy. */
export type Steps = (string | number)[];

/** `services.web.ports[1]`. */
export function printPath(path: Path): string {
  let text = '';
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else text += text === '' ? step : `.${step}`;
  }
  return text;
}

/** `services.web.ports.1`: the form of schema messages. */
export function printDotted(path: Path): string {
  return path.join('.');
}

/** `services.web.ports.[]`: the form of interpolation messages. */
export function printPattern(path: Path): string {
  return path.map((step) => (typeof step === 'number' ? '[]' : step)).join('.');
}

/** `services[web].ports[0].target`: the form of docker compose's binding messages. */
export function printBound(path: Path): string {
  return path
    .map((step, index) => (typeof step === 'number' || index === 1 ? `[${step}]` : index === 0 ? step : `.${step}`))
    .join('');
}
