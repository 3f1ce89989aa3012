/** The paths that a build follows, of the header `followpaths`, which newer engines write in percent encoding; everything when it names none. */
export function followedPaths(header: unknown): string[] {
  const values: unknown[] = Array.isArray(header) ? header : header === undefined ? [''] : [header];
  // Node joins headers of one name.
  return values
    .flatMap((value) => String(value).split(', '))
    .map((text) => {
      try {
        return decodeURIComponent(text);
      } catch {
        return text;
      }
    });
}
