/** The Mesos whose protocol this package speaks: what `/version` says (trace 03-legacy-endpoints/02). */
export const version = {
  build_date: '2020-11-16 16:00:00',
  build_time: 1605542400,
  build_user: 'root',
  git_sha: '04bc7ee1984d86fbb0bd782ccc69ce44c13ae4b9',
  git_tag: '1.11.0',
  version: '1.11.0',
} as const;
