import type { ImageEvent } from '../build/event.js';

/** What one message of the engine's progress means. */
export type Progress =
  | { readonly kind: 'event'; readonly event: ImageEvent }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'image'; readonly id: string }
  | { readonly kind: 'error'; readonly message: string };

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

/** Reads a message of `/build` or `/images/create`; nothing for one that says nothing. */
export function readProgress(message: Record<string, unknown>): Progress | undefined {
  const error = textOf(fieldOf(message['errorDetail'], 'message')) ?? textOf(message['error']);
  if (error !== undefined) return { kind: 'error', message: error.trim() };
  const stream = textOf(message['stream']);
  if (stream !== undefined) return { kind: 'text', text: stream };
  const id = textOf(fieldOf(message['aux'], 'ID'));
  if (id !== undefined) return { kind: 'image', id };
  const status = textOf(message['status']);
  if (status === undefined) return undefined;
  const layer = textOf(message['id']);
  // `Pulling from x` carries the tag as its id.
  if (layer === undefined || status.startsWith('Pulling from'))
    return { kind: 'event', event: { type: 'status', text: status } };
  const current = fieldOf(message['progressDetail'], 'current');
  const total = fieldOf(message['progressDetail'], 'total');
  return {
    kind: 'event',
    event: {
      type: 'layer',
      id: layer,
      status,
      ...(typeof current === 'number' && { current }),
      ...(typeof total === 'number' && { total }),
    },
  };
}
