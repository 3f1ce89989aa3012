/** One thing that was looked at. */
export interface Check {
  /** `nodes`, `addon dns`, … */
  name: string;
  ok: boolean;
  /** One line: what was found, and what is missing. */
  detail: string;
}

/** What a look at something found. */
export type Finding = Omit<Check, 'name'>;
