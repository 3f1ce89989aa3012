import { lookup, lookupService } from 'node:dns/promises';

/** The name that the system has for the machine of `host:port`: what a look-up of its address gives, else the host as it was given. */
export async function nameOf(address: string): Promise<string | undefined> {
  const [, host = '', port = '0'] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(address) ?? [];
  if (host === '') return undefined;
  try {
    const { address: ip } = await lookup(host);
    return (await lookupService(ip, Number(port))).hostname;
  } catch {
    return host;
  }
}
