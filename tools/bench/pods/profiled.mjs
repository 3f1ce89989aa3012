// Loaded into a process before its program: SIGUSR2 begins a profile of it, the next one ends that. `PID.running` is there meanwhile.
import { rmSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

/** Microseconds between two samples. */
const INTERVAL = 500;

const directory = new URL(import.meta.url).searchParams.get('directory');
const path = (ending) => join(directory, `${process.pid}.${ending}`);
let session;

async function begin() {
  session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: INTERVAL });
  await session.post('Profiler.start');
  writeFileSync(path('running'), '');
}

async function end() {
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  writeFileSync(path('cpuprofile'), JSON.stringify(profile));
  rmSync(path('running'));
}

process.on('SIGUSR2', () => void (session ? end() : begin()));
