/** A piece of an address as it was before it was encoded. Whatever somebody types into the address line is taken as it is, if it cannot be. */
export function decode(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}
