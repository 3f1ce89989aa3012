/** How Mesos agents start the Kubernetes executor: paths as the agents see them. */
export interface ExecutorFiles {
  node: string;
  program: string;
  apiServer: string;
  /** PEM of the authority that signed the API server's certificate. */
  ca: string;
  /** File whose first word is the bearer token. */
  tokens: string;
  /** File with the agent's range of addresses for pods, where it has one. */
  podNetwork?: string | undefined;
}

/** The command for Mesos (`CommandInfo`). Equal commands are one executor: it must not change from one start to the next. */
export function executorCommand({ node, program, apiServer, ca, tokens, podNetwork }: ExecutorFiles) {
  const variables = {
    KM_API_SERVER: apiServer,
    KM_API_CA: ca,
    KM_API_TOKEN_FILE: tokens,
    ...(podNetwork && { KM_POD_NETWORK_FILE: podNetwork }),
  };
  return {
    shell: false,
    value: node,
    arguments: [node, program],
    environment: {
      variables: Object.entries(variables).map(([name, value]) => ({ name, type: 'VALUE' as const, value })),
    },
  };
}
