import { isBuilt, obstacle, version } from './programs.mjs';

/** The oldest and the newest that are promised, and one in between at which an API came or went. */
const others = ['v1.20.15', 'v1.25.16', 'v1.37.2'];

/**
 * The versions of Kubernetes on which `subject` can be tested here: the usual one, those that `KMD_KUBE_VERSIONS` asks for (commas between), and others that
 * were built before; each takes some ten minutes to build. Prints a line for each that is skipped.
 * @param {string} subject
 */
export function versionsAtHand(subject) {
  const asked = (process.env.KMD_KUBE_VERSIONS ?? '').split(',').filter((word) => word !== '');
  const wanted = [...new Set([version, ...asked, ...others.filter((one) => isBuilt(one))])];
  for (const one of wanted) {
    const reason = obstacle(one);
    if (reason !== undefined) console.log(`SKIPPED: ${subject} on a real Kubernetes ${one}: ${reason}`);
  }
  for (const one of others.filter((other) => !wanted.includes(other)))
    console.log(`SKIPPED: ${subject} on a real Kubernetes ${one}: not built; KMD_KUBE_VERSIONS=${one} builds it`);
  return wanted.filter((one) => obstacle(one) === undefined);
}
