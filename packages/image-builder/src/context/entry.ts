/** One thing in a build context. */
export interface ContextEntry {
  /** Relative to the context, with slashes and no trailing one. */
  readonly path: string;
  readonly kind: 'file' | 'folder' | 'link' | 'pipe';
  /** Permission bits, `0o7777` at most. */
  readonly mode: number;
  /** Bytes; 0 for all but files. */
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly mtime: number;
  /** What a symbolic link holds, as it is written. */
  readonly target?: string;
  /** Where the content of a file is on the disk. */
  readonly source: string;
  /** The content, for a file that is not on the disk as such. */
  readonly content?: Uint8Array;
}
