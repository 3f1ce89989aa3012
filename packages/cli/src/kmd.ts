import { exitCodes } from './exit-code.js';
import { main } from './main.js';

// Stays where the process ends before the command has: nothing is left to wait for then, and nothing was said.
process.exitCode = exitCodes.failure;
process.exitCode = await main(process.argv.slice(2));
