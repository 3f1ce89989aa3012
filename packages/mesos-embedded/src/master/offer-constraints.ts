import type { AgentInfo, AttributeConstraint, AttributeConstraintPredicate, OfferConstraints } from '@kmd/mesos-client';

/** What an agent has under a name: a text, something else (null), or nothing. */
type Found = string | null | undefined;
type Condition = (agent: AgentInfo) => boolean;

/** Which agents a framework wants to be offered, by role: those that meet every condition of one group. A role that is not named wants all. */
export class OfferConstraintsFilter {
  /** As the framework said it. */
  readonly given: OfferConstraints;
  readonly #groups: ReadonlyMap<string, readonly (readonly Condition[])[]>;

  /** @throws {Error} whose message is Mesos' own (src/master/allocator/mesos/offer_constraints_filter.cpp) */
  constructor(given: OfferConstraints = {}) {
    this.given = given;
    this.#groups = new Map(
      Object.entries(given.role_constraints ?? {}).map(([role, { groups = [] }]) => {
        if (groups.length === 0)
          throw new Error(
            `'OfferConstraints::role_constraints' has an empty 'RoleConstraints::groups' for role ${role}`,
          );
        return [role, groups.map(({ attribute_constraints: all = [] }) => readGroup(role, all))];
      }),
    );
  }

  excludes(role: string, agent: AgentInfo): boolean {
    const groups = this.#groups.get(role);
    return groups !== undefined && !groups.some((group) => group.every((condition) => condition(agent)));
  }
}

/** What is wrong with constraints, in Mesos' words. */
export function validateOfferConstraints(
  given: OfferConstraints | undefined,
  roles: readonly string[],
): string | undefined {
  const stranger = Object.keys(given?.role_constraints ?? {}).find((role) => !roles.includes(role));
  if (stranger !== undefined) {
    return `Offer constraints specify \`role_constraints\` for a role '${stranger}'not contained in the set of roles`;
  }
  try {
    void new OfferConstraintsFilter(given);
    return undefined;
  } catch (error) {
    return `Offer constraints are not valid: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function readGroup(role: string, constraints: readonly AttributeConstraint[]): Condition[] {
  if (constraints.length === 0) {
    throw new Error(
      `'OfferConstraints::RoleConstraints::groups' for role ${role}contains an empty RoleConstraints::Group`,
    );
  }
  return constraints.map(({ selector, predicate }) => {
    try {
      const [find, holds] = [readSelector(selector), readPredicate(predicate)];
      return (agent) => holds(find(agent));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new Error(`A role ${role} has an invalid 'AttributeConstraint': ${why}`, { cause: error });
    }
  });
}

function readSelector(selector: AttributeConstraint['selector']): (agent: AgentInfo) => Found {
  const { attribute_name: name, pseudoattribute_type: pseudo } = selector ?? {};
  if (name !== undefined) {
    return ({ attributes = [] }) => {
      const found = attributes.find((attribute) => attribute.name === name);
      return found === undefined ? undefined : (found.text?.value ?? null);
    };
  }
  switch (pseudo) {
    case 'HOSTNAME':
      return ({ hostname }) => hostname;
    case 'REGION':
      return ({ domain }) => domain?.fault_domain?.region.name;
    case 'ZONE':
      return ({ domain }) => domain?.fault_domain?.zone.name;
    case undefined:
      throw new Error(
        "Exactly one of 'AttributeConstraint::Selector::name' or 'AttributeConstraint::Selector::pseudoattribute_type' must be set",
      );
    default:
      throw new Error('Unknown pseudoattribute type');
  }
}

/** What is no text is left to the framework: every comparison of it holds. */
function readPredicate(predicate: AttributeConstraintPredicate | undefined): (found: Found) => boolean {
  const { exists, not_exists, text_equals, text_not_equals, text_matches, text_not_matches } = predicate ?? {};
  if (exists) return (found) => found !== undefined;
  if (not_exists) return (found) => found === undefined;
  if (text_equals) return (found) => found === null || found === text_equals.value;
  if (text_not_equals) return (found) => found !== text_not_equals.value;
  if (text_matches) {
    const pattern = readPattern(text_matches.regex);
    return (found) => found === null || (found !== undefined && pattern.test(found));
  }
  if (text_not_matches) {
    const pattern = readPattern(text_not_matches.regex);
    return (found) => typeof found !== 'string' || !pattern.test(found);
  }
  throw new Error('Unknown predicate type');
}

/** The whole text must match. Mesos takes RE2; of what both languages have, JavaScript means the same. */
function readPattern(regex: string): RegExp {
  try {
    return new RegExp(`^(?:${regex})$`, 'u');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`Failed to construct regex from pattern '${regex}': ${why}`, { cause });
  }
}
