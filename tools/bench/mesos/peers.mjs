// What others have made, installed into a folder of the bench's own. Each is undefined where it cannot be had, with a line that says why.
import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const firstLine = (error) =>
  String(error.stderr || error.message)
    .trim()
    .split('\n')[0];

/** The npm packages `mesos-framework` 0.5.3 and `@dcos/recordio` 0.1.8. */
export async function installNodePeers(folder) {
  try {
    await writeFile(join(folder, 'package.json'), '{"private":true}');
    await run(
      'npm',
      ['install', '--ignore-scripts', '--no-audit', '--no-fund', 'mesos-framework@0.5.3', '@dcos/recordio@0.1.8'],
      {
        cwd: folder,
      },
    );
    return createRequire(join(folder, 'package.json'));
  } catch (error) {
    console.log(`mesos-framework and @dcos/recordio are not measured: ${firstLine(error)}`);
    return undefined;
  }
}

/** A program around the decoders of the Go module github.com/mesos/mesos-go v0.0.11. */
export async function buildGoPeer(folder) {
  try {
    await copyFile(new URL('decode.go.txt', import.meta.url), join(folder, 'main.go'));
    await run('go', ['mod', 'init', 'bench'], { cwd: folder });
    const modules = ['github.com/mesos/mesos-go@v0.0.11', 'github.com/gogo/protobuf@v1.3.2'];
    await run('go', ['get', ...modules], { cwd: folder });
    await run('go', ['mod', 'tidy'], { cwd: folder });
    await run('go', ['build', '-o', 'bench', '.'], { cwd: folder });
    return async (file, contentType, rounds) => {
      const { stdout } = await run(join(folder, 'bench'), [file, contentType, String(rounds)]);
      return stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').map(Number));
    };
  } catch (error) {
    console.log(`mesos-go is not measured: ${firstLine(error)}`);
    return undefined;
  }
}
