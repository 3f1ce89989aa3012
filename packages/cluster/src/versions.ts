/** Versions of kmd and of what the embedded runtime says it is. A test holds `kmd` to the package's version. */
export const versions = {
  kmd: '0.1.0',
  kubernetes: 'v1.33.0',
  mesos: '1.11.0',
} as const;
