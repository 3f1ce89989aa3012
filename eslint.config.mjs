import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';

/** What each package may import (docs/architecture.md, "Packages"). The arrows go only down. */
const dependencies = {
  'compose-model': [],
  'image-builder': [],
  'compose-runner': ['compose-model', 'image-builder'],
  'mesos-client': [],
  'mesos-embedded': ['mesos-client'],
  'kube-client': [],
  'kube-bootstrap': ['kube-client'],
  'kube-embedded': ['kube-client'],
  km: ['mesos-client', 'kube-client'],
  'web-ui': ['mesos-client', 'kube-client'],
  cluster: [
    'compose-model',
    'compose-runner',
    'image-builder',
    'mesos-client',
    'mesos-embedded',
    'kube-client',
    'kube-bootstrap',
    'kube-embedded',
    'km',
    'web-ui',
  ],
  cli: ['cluster', 'compose-model', 'compose-runner', 'web-ui'],
};

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message: 'Only cluster and cli read environment variables: take the value as an option.',
};
const terminal = [
  {
    selector: "MemberExpression[object.name='process'][property.name=/^(argv|stdout|stderr)$/]",
    message: 'Only cli reads arguments and prints.',
  },
  { selector: "MemberExpression[object.name='console']", message: 'Libraries do not print: take a logger.' },
];
const library = ['packages/*/src/**/*.ts'];
const tests = ['**/*.test.ts', '**/test/**/*.ts'];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      'packages/*/programs',
      'packages/cli/ui',
      '**/types',
      '**/node_modules',
      '.nx',
      'tools/kubectl/vendor',
      '**/testdata',
    ],
  },
  tseslint.configs.strict,
  {
    plugins: { '@nx': nx },
    rules: {
      '@typescript-eslint/no-invalid-void-type': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@nx/enforce-module-boundaries': [
        'error',
        {
          allow: [],
          // A package may load another lazily in one place and at once in another.
          checkDynamicDependenciesExceptions: ['.*'],
          depConstraints: [
            ...Object.entries(dependencies).map(([name, allowed]) => ({
              sourceTag: `pkg:${name}`,
              onlyDependOnLibsWithTags: [`pkg:${name}`, ...allowed.map((other) => `pkg:${other}`)],
            })),
            { sourceTag: 'tools', onlyDependOnLibsWithTags: ['*'] },
          ],
        },
      ],
    },
  },
  { files: library, ignores: tests, rules: { 'no-restricted-syntax': ['error', environment, ...terminal] } },
  {
    files: ['packages/cluster/src/**/*.ts'],
    ignores: tests,
    rules: { 'no-restricted-syntax': ['error', ...terminal] },
  },
  { files: ['packages/cli/**'], rules: { 'no-restricted-syntax': 'off' } },
  // Tests may hold a package against its neighbours, which its sources may not import.
  {
    files: tests,
    rules: { '@typescript-eslint/no-non-null-assertion': 'off', '@nx/enforce-module-boundaries': 'off' },
  },
);
