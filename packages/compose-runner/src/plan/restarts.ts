import { label } from '../labels.js';
import type { ObservedContainer } from '../observe/observed.js';

/** Whether a container's service depends with `restart: true` on one of these services, as its label tells. */
export function restartsWith({ labels }: ObservedContainer, services: ReadonlySet<string>): boolean {
  return (labels[label.dependsOn] ?? '').split(',').some((entry) => {
    const [service = '', , restart] = entry.split(':');
    return restart === 'true' && services.has(service);
  });
}
