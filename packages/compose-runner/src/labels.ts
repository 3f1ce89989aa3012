/** Labels that are read back from an engine; `compose-labels.ts` writes them. */
const prefix = 'com.docker.compose.';

export const label = {
  project: `${prefix}project`,
  service: `${prefix}service`,
  oneOff: `${prefix}oneoff`,
  number: `${prefix}container-number`,
  configHash: `${prefix}config-hash`,
  image: `${prefix}image`,
  dependsOn: `${prefix}depends_on`,
  workingDir: `${prefix}project.working_dir`,
  configFiles: `${prefix}project.config_files`,
  network: `${prefix}network`,
  volume: `${prefix}volume`,
  replace: `${prefix}replace`,
  version: `${prefix}version`,
  slug: `${prefix}slug`,
  hook: `${prefix}hook`,
} as const;
