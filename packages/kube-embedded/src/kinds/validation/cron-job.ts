import type { Cause } from '../../errors.js';
import { type JsonObject, objectAt, textAt } from '../../json/tree.js';
import { invalidValue, required, unsupported } from './field.js';
import { validateJobSpec } from './job.js';
import { notNegative } from './number.js';

/** The longest name that leaves room for what the controller adds to it. */
const cronNameLimit = 52;

export function validateCronJob(cron: JsonObject): Cause[] {
  const causes: Cause[] = [];
  const spec = objectAt(cron, 'spec');
  const schedule = textAt(spec, 'schedule') ?? '';
  const zone = textAt(spec, 'timeZone');
  if (schedule === '') causes.push(required('spec.schedule'));
  else {
    const problem = scheduleProblem(schedule);
    if (problem !== undefined) causes.push(invalidValue('spec.schedule', schedule, problem));
    if (/TZ/.test(schedule)) {
      const why = 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead';
      causes.push(invalidValue('spec.schedule', schedule, why));
    }
  }
  causes.push(...notNegative(spec, 'spec', 'startingDeadlineSeconds'));
  if (zone !== undefined && !isTimeZone(zone)) {
    causes.push(
      invalidValue(
        'spec.timeZone',
        zone,
        zone === '' ? 'timeZone must be nil or non-empty string' : `unknown time zone ${zone}`,
      ),
    );
  }
  const policies = ['Allow', 'Forbid', 'Replace'];
  const policy = textAt(spec, 'concurrencyPolicy') ?? '';
  if (!policies.includes(policy)) causes.push(unsupported('spec.concurrencyPolicy', policy, policies));
  causes.push(...validateJobSpec(objectAt(spec, 'jobTemplate', 'spec'), 'spec.jobTemplate.spec'));
  causes.push(...notNegative(spec, 'spec', 'successfulJobsHistoryLimit', 'failedJobsHistoryLimit'));
  const name = textAt(cron, 'metadata', 'name') ?? '';
  if (name.length > cronNameLimit) {
    causes.push(invalidValue('metadata.name', name, `must be no more than ${cronNameLimit} characters`));
  }
  return causes;
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return zone !== '' && zone.toLowerCase() !== 'local';
  } catch {
    return false;
  }
}

const cronFields = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 6],
] as const;

/** What is wrong with a schedule, in the words of the parser that the real server uses. */
function scheduleProblem(text: string): string | undefined {
  const schedule = text.replace(/^(CRON_)?TZ=\S+\s+/, '');
  if (schedule.startsWith('@')) {
    return /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every \S+)$/.test(schedule)
      ? undefined
      : `unrecognized descriptor: ${schedule}`;
  }
  const fields = schedule.trim().split(/\s+/);
  if (fields.length !== 5) return `expected exactly 5 fields, found ${fields.length}: [${fields.join(' ')}]`;
  for (const [index, field] of fields.entries()) {
    const [least, most] = cronFields[index] ?? [0, 0];
    for (const part of field.split(',')) {
      const [range = '', step] = part.split('/');
      if (step !== undefined && !/^[1-9]\d*$/.test(step)) return `failed to parse int from ${step}`;
      if (range === '*' || range === '?') continue;
      const [low = '', high = low] = range.split('-');
      if (/^[a-z]{3}$/i.test(low) && index > 2) continue;
      if (!/^\d+$/.test(low)) return `failed to parse int from ${low}: strconv.Atoi: parsing "${low}": invalid syntax`;
      if (!/^\d+$/.test(high))
        return `failed to parse int from ${high}: strconv.Atoi: parsing "${high}": invalid syntax`;
      if (Number(low) < least) return `beginning of range (${low}) below minimum (${least}): ${part}`;
      if (Number(high) > most) return `end of range (${high}) above maximum (${most}): ${part}`;
      if (Number(low) > Number(high)) return `beginning of range (${low}) beyond end of range (${high}): ${part}`;
    }
  }
  return undefined;
}
