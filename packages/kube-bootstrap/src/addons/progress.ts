/** What has become of an object. */
export interface AddonProgress {
  addon: string;
  /** For instance `Deployment kube-system/coredns`. */
  object: string;
  /** `removing`: it was deleted, and may take a while to be gone. */
  action: 'applied' | 'removing' | 'removed';
}

export interface DeployOptions {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: AddonProgress) => void) | undefined;
  /** For what the API server makes by itself, a namespace while it starts or a custom kind, in milliseconds. Default 30 s. */
  timeout?: number | undefined;
}
