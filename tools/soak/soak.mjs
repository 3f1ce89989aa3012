// `npm run soak -- --seconds 120 --seed 7`: see README.md.
import { withPrograms } from './programs.mjs';

process.exitCode = await withPrograms(
  {
    main: 'src/run-soak.ts',
    scheduler: 'src/scheduler/main.ts',
    executor: 'src/executor/main.ts',
    mesos: '../../packages/mesos-embedded/src/bin.ts',
  },
  ({ runSoak }, programs) => runSoak(process.argv.slice(2), programs, (line) => console.log(line)),
);
