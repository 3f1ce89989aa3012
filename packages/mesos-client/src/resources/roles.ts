/** Characters that no role may hold: white space and DEL (src/common/roles.cpp). */
const FORBIDDEN = /[\t\n\v\f\r \x7f]/;

/** Why a role name is not allowed, in Mesos' own words; undefined if it is. */
export function validateRole(role: string): string | undefined {
  if (role === '*') return undefined;
  if (role.startsWith('/')) return `Role '${role}' cannot start with a slash`;
  if (role.endsWith('/')) return `Role '${role}' cannot end with a slash`;
  if (role.includes('//')) return `Role '${role}' cannot contain two adjacent slashes`;
  if (role === '') return 'Role names cannot be the empty string';
  for (const component of role.split('/')) {
    if (component === '.' || component === '..' || component === '*') {
      return `Role '${role}' cannot include '${component}' as a component`;
    }
    if (component.startsWith('-')) return `Role component '${component}' is invalid because it starts with a dash`;
    if (FORBIDDEN.test(component)) {
      return `Role component '${component}' is invalid because it contains backspace or whitespace`;
    }
  }
  return undefined;
}

/** Whether `role` lies below `ancestor`: `a/b` below `a`, but not `a` itself and not `ab`. */
export function isStrictSubroleOf(role: string, ancestor: string): boolean {
  return role.startsWith(`${ancestor}/`);
}

/** Roles above, nearest first: `a/b/c` gives `a/b`, `a`. */
export function ancestorsOfRole(role: string): string[] {
  const ancestors: string[] = [];
  for (let at = role.lastIndexOf('/'); at >= 0; at = role.lastIndexOf('/', at - 1)) {
    ancestors.push(role.slice(0, at));
    if (at === 0) break;
  }
  return ancestors;
}
