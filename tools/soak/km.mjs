// `npm run soak:km -- --seconds 120 --seed 4`: see README.md.
import { withPrograms } from './programs.mjs';

process.exitCode = await withPrograms(
  {
    main: 'src/pods/run-pods.ts',
    apiserver: 'src/pods/apiserver-main.ts',
    framework: 'src/pods/framework-main.ts',
    executor: '../../packages/km/src/executor-main.ts',
    mesos: '../../packages/mesos-embedded/src/bin.ts',
  },
  ({ runPodSoak }, programs) => runPodSoak(process.argv.slice(2), programs, (line) => console.log(line)),
);
