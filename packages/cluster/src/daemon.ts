import { runDaemon } from './embedded/daemon.js';

runDaemon();
