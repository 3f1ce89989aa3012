import { obstacle, programs } from './programs.mjs';

// `npm run kube -w @kmd/tools-testbed [-- v1.20.15]` builds the real Kubernetes programs and says where they are.
const [version] = process.argv.slice(2);
const reason = obstacle(version);
if (reason !== undefined) {
  console.error(`test bed: ${reason}`);
  process.exit(1);
}
for (const [name, file] of Object.entries(await programs({ version, onProgress: (line) => console.error(line) }))) {
  console.log(`${name}=${file}`);
}
