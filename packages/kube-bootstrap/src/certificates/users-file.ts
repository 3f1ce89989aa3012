import { CredentialsError } from './errors.js';

/**
 * One line of the API server's static token file (`token,user,uid[,"group,group"]`) or basic-auth file (`password,user,uid[,"…"]`):
 * CSV, the secret first.
 */
export interface UserLine {
  secret: string;
  user: string;
  uid: string;
  groups: string[];
}

export function printUser({ secret, user, uid, groups }: UserLine): string {
  const fields = [secret, user, uid, ...(groups.length > 0 ? [groups.join(',')] : [])];
  return `${fields.map(quote).join(',')}\n`;
}

function quote(field: string): string {
  if (/[\r\n]/.test(field))
    throw new CredentialsError('CREDENTIALS_INVALID', 'a password or token cannot hold a line break: choose another');
  return /[",]|^\s|\s$|^$/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** Lines that are whole; comments (as Go's CSV reader has them in these files: none) and blank lines do not count. */
export function parseUsers(text: string): UserLine[] {
  const users: UserLine[] = [];
  for (const line of text.split(/\r?\n/)) {
    const [secret = '', user = '', uid = '', groups = ''] = splitFields(line);
    if (secret !== '' && user !== '') users.push({ secret, user, uid, groups: groups === '' ? [] : groups.split(',') });
  }
  return users;
}

function splitFields(line: string): string[] {
  const fields: string[] = [];
  // A field is quoted, with quotes inside doubled, or runs up to the next comma.
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g))
    fields.push(quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'));
  return fields;
}
