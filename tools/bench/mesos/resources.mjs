// Resource arithmetic per second of processor time on offers with 20 ranges of ports. `node tools/bench/mesos/resources.mjs`.
import {
  addResources,
  containsResources,
  findResources,
  parseResources,
  printResources,
  subtractResources,
} from '@kmd/mesos-client';

import { processorTime } from '../figures.mjs';

const ports = Array.from({ length: 20 }, (_, index) => `${31000 + index * 100}-${31049 + index * 100}`).join(',');
const text = `cpus:16;mem:65536;disk:1048576;gpus:2;ports:[${ports}]`;
const offer = parseResources(text);
const task = parseResources('cpus:0.5;mem:512;ports:[31003-31004,31512-31512]');
const used = subtractResources(offer, task);

const operations = {
  'contains (offer, task)': () => containsResources(offer, task),
  'subtract (offer, task)': () => subtractResources(offer, task).length > 0,
  'add (rest, task)': () => addResources(used, task).length > 0,
  'find (offer, wanted)': () => findResources(offer, task) !== undefined,
  'parse (text)': () => parseResources(text).length > 0,
  'print (offer)': () => printResources(offer).length > 0,
};

for (const [name, run] of Object.entries(operations)) {
  const rates = [];
  for (let round = 0; round < 6; round += 1) {
    let count = 0;
    const started = processorTime();
    while (processorTime() - started < 200) {
      for (let i = 0; i < 100; i += 1) if (!run()) throw new Error(`${name} gave nothing`);
      count += 100;
    }
    // The first round warms up.
    if (round > 0) rates.push((count / (processorTime() - started)) * 1000);
  }
  rates.sort((a, b) => a - b);
  console.log(`  ${name.padEnd(24)} ${Math.round(rates[2]).toLocaleString('en')} a second`);
}
