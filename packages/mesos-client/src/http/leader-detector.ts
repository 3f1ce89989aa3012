/** Knows which master leads. `@kmd/mesos-client/zookeeper` has one for ZooKeeper; others can be written. */
export interface LeaderDetector {
  /** Waits until there is a leading master and gives its address, `http://host:port`. Rejects with the signal's reason. */
  leader(options?: { signal?: AbortSignal | undefined }): Promise<string>;
  /** Calls back whenever another master leads, or none (undefined). Gives the function that ends that. */
  onChange(listener: (leader: string | undefined) => void): () => void;
}
