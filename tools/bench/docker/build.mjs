// One build of a folder as a whole process, with Node's compile cache as the command has it: node build.mjs FOLDER TAG BUILDER
import { enableCompileCache } from 'node:module';

enableCompileCache();
const { buildImage, connectEngine } = await import('@kmd/image-builder');
const [folder, tag, builder] = process.argv.slice(2);
const engine = connectEngine({ socketPath: new URL(process.env['DOCKER_HOST']).pathname });
await buildImage(engine, { folder, tags: [tag], builder });
if (process.env['SHOW_MEMORY']) console.error(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
process.exit();
