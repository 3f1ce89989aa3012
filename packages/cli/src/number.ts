/** A whole number as people type it: of port, agents, seconds; `undefined` for anything else. */
export const readWholeNumber = (text: string): number | undefined =>
  /^\d{1,9}$/.test(text) ? Number(text) : undefined;
