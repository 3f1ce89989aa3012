import type { IncomingMessage } from 'node:http';

/**
 * Whether a browser sends a write for a page of another site. It adds the password or the certificate that it has for this server, and a
 * request without a content type is read as JSON here as in kube-apiserver; so the page could change the cluster of whoever looks at it.
 * Browsers since 2023 tell where a request comes from (Fetch Metadata, W3C); programs send no such header, and a page cannot set it.
 */
export function isCrossSiteWrite({ method = 'GET', headers }: IncomingMessage): boolean {
  const site = headers['sec-fetch-site'];
  return method !== 'GET' && method !== 'HEAD' && site !== undefined && site !== 'same-origin' && site !== 'none';
}
