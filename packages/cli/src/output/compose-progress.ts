import type { RunnerEvent } from '@kmd/compose-runner';
import type { ProgressListener } from '@kmd/cluster';

/** Tells what a project's commands do in the terms of the CLI's progress: steps that begin and end, and notes. */
export function followRunner(listener: ProgressListener): (event: RunnerEvent) => void {
  const since = new Map<string, number>();
  const begin = (step: string, title: string): void => {
    if (since.has(step)) return;
    since.set(step, performance.now());
    listener({ type: 'step', phase: 'start', step, title });
  };
  const end = (step: string, result: 'done' | 'skipped' | 'failed', title: string, detail?: string): void => {
    const milliseconds = performance.now() - (since.get(step) ?? performance.now());
    listener({
      type: 'step',
      phase: 'end',
      step,
      title,
      result,
      milliseconds,
      ...(detail !== undefined && { detail }),
    });
  };
  const note = (level: 'info' | 'warning', message: string): void => listener({ type: 'note', level, message });
  return (event) => {
    switch (event.type) {
      case 'step':
        if (event.state === 'begun') begin(event.id, event.id);
        else end(event.id, event.state, event.id, 'reason' in event.action ? event.action.reason : undefined);
        return;
      case 'image': {
        const step = `image ${event.image}`;
        begin(step, step);
        const told = event.event;
        if (told.type === 'done')
          end(step, told.reused ? 'skipped' : 'done', step, told.reused ? 'unchanged' : 'built');
        else if (told.type === 'status' && told.text.startsWith('Status: '))
          end(step, 'done', step, told.text.slice('Status: '.length));
        else if (told.type === 'step' || told.type === 'output')
          listener({ type: 'step', phase: 'wait', step, title: step, waitingFor: told.text });
        else if (told.type === 'layer')
          listener({ type: 'step', phase: 'wait', step, title: step, waitingFor: `${told.id} ${told.status}` });
        return;
      }
      case 'hook':
        note('info', `${event.container} ${event.kind}: ${event.text}`);
        return;
      case 'warning':
        note('warning', event.text);
        return;
      case 'unchanged':
        note('info', 'nothing to do: everything is there and runs');
    }
  };
}
