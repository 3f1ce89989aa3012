import { signal } from '@preact/signals';

/** The time that ages are told from, in milliseconds since 1970; it moves once a second while somebody looks. */
export const now = signal(Date.now());

setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1000);
