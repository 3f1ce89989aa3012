// One build of a folder as a whole process: node build.mjs FOLDER TAG BUILDER
import { buildImage } from '@kmd/image-builder';
import { openEngine } from '@kmd/compose-runner';

const [folder, tag, builder] = process.argv.slice(2);
const engine = await openEngine({ environment: process.env });
await buildImage(engine.connection, { folder, tags: [tag], builder });
engine.close();
if (process.env['SHOW_MEMORY']) console.error(`peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`);
