/** Ids name folders of the sandbox: they must be a file name (src/common/validation.cpp). */
export function validateId(id: string): string | undefined {
  if (id === '') return 'ID must not be empty';
  if (id.length > 255) return 'ID must not be greater than 255 characters';
  if (id === '.' || id === '..') return `'${id}' is disallowed`;
  return /[\x00-\x1f\x7f/\\]/.test(id) ? `'${id}' contains invalid characters` : undefined;
}
