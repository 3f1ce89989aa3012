import { obstacle, programs } from './programs.mjs';

// `npm run kube -w @kmd/tools-testbed` builds the real Kubernetes programs and says where they are.
const reason = obstacle();
if (reason !== undefined) {
  console.error(`test bed: ${reason}`);
  process.exit(1);
}
for (const [name, file] of Object.entries(await programs({ onProgress: (line) => console.error(line) }))) {
  console.log(`${name}=${file}`);
}
