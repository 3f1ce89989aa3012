import type { Server } from './play.js';

/** What a server said, under the name of the sequence or command that asked: a list of answers in its order. */
export type Told = Readonly<Record<string, readonly unknown[]>>;

/** Things told to the embedded server and to a real one alike, each to a new one. */
export interface Suite {
  readonly name: string;
  /** What its entries are, for people. */
  readonly entries: string;
  /** Controllers run beside the server. */
  readonly controllers?: true;
  readonly authorization?: 'RBAC';
  /** The file that keeps what the real one answered, for tests without it. */
  readonly recording?: string;
  play(server: Server): Promise<Told>;
}
