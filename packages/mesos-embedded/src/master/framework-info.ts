import type { FrameworkCapabilityType, FrameworkInfo } from '@kmd/mesos-client';
import { validateRole } from '@kmd/mesos-client';

/** Roles of a framework: `roles` with MULTI_ROLE, else the one `role`. */
export function rolesOf(info: FrameworkInfo): readonly string[] {
  return hasCapability(info, 'MULTI_ROLE') ? (info.roles ?? []) : [info.role ?? '*'];
}

export function hasCapability(info: FrameworkInfo, type: FrameworkCapabilityType): boolean {
  return info.capabilities?.some((capability) => capability.type === type) === true;
}

/** What is wrong with a FrameworkInfo, in Mesos' words (src/master/validation.cpp; traces 20-errors-scheduler/39-55). */
export function validateFrameworkInfo(
  info: FrameworkInfo,
  suppressedRoles: readonly string[] = [],
): string | undefined {
  return (
    validateRoles(info) ??
    validateFailoverTimeout(info) ??
    validateOfferFilters(info) ??
    validateSuppressedRoles(info, suppressedRoles)
  );
}

function validateRoles(info: FrameworkInfo): string | undefined {
  if (!hasCapability(info, 'MULTI_ROLE')) {
    if ((info.roles ?? []).length > 0) {
      return "'FrameworkInfo.roles' must not be set when the framework is not MULTI_ROLE capable";
    }
    const error = info.role === undefined ? undefined : validateRole(info.role);
    return error === undefined ? undefined : `'FrameworkInfo.role' is not a valid role: ${error}`;
  }
  if (info.role !== undefined) {
    return "'FrameworkInfo.role' must not be set when the framework is MULTI_ROLE capable";
  }
  const seen = new Set<string>();
  const duplicates = new Set<string>();
  for (const role of info.roles ?? []) (seen.has(role) ? duplicates : seen).add(role);
  if (duplicates.size > 0) {
    return `'FrameworkInfo.roles' contains duplicate items: { ${[...duplicates].join(', ')} }`;
  }
  for (const role of seen) {
    const error = validateRole(role);
    if (error !== undefined) return `'FrameworkInfo.roles' contains invalid role: ${error}`;
  }
  return undefined;
}

/** A duration is a 64-bit number of nanoseconds. */
const longestSeconds = 2 ** 63 / 1e9;

function validateFailoverTimeout(info: FrameworkInfo): string | undefined {
  const timeout = info.failover_timeout ?? 0;
  return Math.abs(timeout) < longestSeconds
    ? undefined
    : `The framework failover_timeout (${String(timeout)}) is invalid`;
}

function validateOfferFilters(info: FrameworkInfo): string | undefined {
  for (const filter of Object.values(info.offer_filters ?? {})) {
    for (const { quantities } of filter.min_allocatable_resources?.quantities ?? []) {
      for (const [name, scalar] of Object.entries(quantities ?? {})) {
        if (scalar.value < 0) return `Invalid resource quantity for '${name}': Negative values not supported`;
      }
    }
  }
  return undefined;
}

function validateSuppressedRoles(info: FrameworkInfo, suppressed: readonly string[]): string | undefined {
  const stranger = suppressed.find((role) => !rolesOf(info).includes(role));
  return stranger === undefined ? undefined : `Suppressed role '${stranger}' is not contained in the list of roles`;
}

/** What of a change of FrameworkInfo UPDATE_FRAMEWORK refuses (trace 10-scheduler-basic/15-16). */
export function validateFrameworkUpdate(old: FrameworkInfo, updated: FrameworkInfo): string | undefined {
  const refuse = (field: string, from: string, to: string): string =>
    `Updating 'FrameworkInfo.${field}' is unsupported; attempted to update from '${from}' to '${to}'`;
  if ((old.principal ?? '') !== (updated.principal ?? '')) {
    return refuse('principal', old.principal ?? '', updated.principal ?? '');
  }
  if (old.user !== updated.user) return refuse('user', old.user, updated.user);
  const before = old.checkpoint ?? false;
  const after = updated.checkpoint ?? false;
  return before === after ? undefined : refuse('checkpoint', String(before), String(after));
}
