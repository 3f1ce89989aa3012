import { arch } from 'node:process';

/** The Kubernetes version whose API is served; the suffix says by what. */
const kubernetes = { major: '1', minor: '33', patch: '4' };
export const gitVersion = `v${kubernetes.major}.${kubernetes.minor}.${kubernetes.patch}-kmd.1`;

const goArchitecture: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

export const versionDocument = {
  major: kubernetes.major,
  minor: kubernetes.minor,
  emulationMajor: kubernetes.major,
  emulationMinor: kubernetes.minor,
  minCompatibilityMajor: kubernetes.major,
  minCompatibilityMinor: String(Number(kubernetes.minor) - 1),
  gitVersion,
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: `node${process.version.slice(1)}`,
  compiler: 'none',
  platform: `${process.platform}/${goArchitecture[arch] ?? arch}`,
};
