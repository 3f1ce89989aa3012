/**
 * Replaces `$(NAME)` by the variable's value, as a kubelet does in commands, arguments and values: `$$(NAME)` stays as `$(NAME)`, and what
 * is not known stays as it is written.
 */
export function expandVariables(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^)]*)\)/g, (found, name: string | undefined) =>
    found === '$$' ? '$' : (variables.get(name ?? '') ?? found),
  );
}
