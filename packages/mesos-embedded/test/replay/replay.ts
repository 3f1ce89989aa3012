import { play, type Result } from './play.js';
import { readScenarios } from './recording.js';

export type { Result };

/** Replays every folder of recorded exchanges below a directory, some of them side by side. */
export async function replay(
  directory: string,
  options: { only?: string | undefined; parallel?: number; onProgress?: (results: readonly Result[]) => void } = {},
): Promise<Result[]> {
  const scenarios = readScenarios(directory).filter(({ name }) =>
    name.split(' + ').some((folder) => folder.startsWith(options.only ?? '')),
  );
  const results = new Map<string, Result[]>();
  const waiting = [...scenarios];
  const work = async (): Promise<void> => {
    for (let scenario = waiting.shift(); scenario !== undefined; scenario = waiting.shift()) {
      const { name } = scenario;
      const found = await play(scenario).catch((error: unknown): Result[] => [
        {
          name,
          difference: `the replay failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        },
      ]);
      results.set(name, found);
      options.onProgress?.(found);
    }
  };
  await Promise.all(Array.from({ length: options.parallel ?? 8 }, work));
  return scenarios.flatMap(({ name }) => results.get(name) ?? []);
}
