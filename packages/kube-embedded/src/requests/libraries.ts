import { loadRegexps } from '../cel/regexp.js';
import { loadX509 } from '../certificates/request.js';
import { usesRegexps } from '../crd/pattern.js';
import type { Kind } from '../kinds/kind.js';

/** To be awaited before a write of a kind: loads what its rules are checked with. Nothing is loaded that is never needed. */
export async function loadLibraries(kind: Kind): Promise<void> {
  if (usesRegexps(kind)) await loadRegexps();
  if (kind.kind === 'CertificateSigningRequest') await loadX509();
}
