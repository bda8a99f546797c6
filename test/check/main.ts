/** `npm run check`: types and Biome, one a core. */
import { sideBySide } from './side-by-side.ts';

const color = process.stdout.isTTY === true;
const tsc = `tsc --noEmit${color ? ' --pretty' : ''}`;

const LANES = [
  // Several threads do a third more in sum: each looks itself at what its files import.
  [`${tsc} --singleThreaded`],
  [
    `biome check . ${color ? '--colors=force' : ''}`,
    // Rooms of which each has fewer names around it than all have together.
    ...['shared/core', 'shared/judge', 'local/page/browser'].map((room) => `${tsc} -p ${room}`),
  ],
];

const failed = await sideBySide(LANES, ({ command, code, said }) => {
  if (code !== 0) console.log(`${command}\n${said}`);
});
for (const { command, code } of failed) console.error(`${command} ended with ${code}`);
if (failed.length > 0) process.exitCode = 1;
