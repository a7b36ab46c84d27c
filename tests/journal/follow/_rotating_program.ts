import { join } from "node:path";

/** Writes numbered lines to `download.log` in a folder as fast as it can, and rotates it a hundred times. */
const folder = Deno.args[0]!;
const lines = Number(Deno.args[1]);
const path = join(folder, "download.log");
const encoder = new TextEncoder();
let file = Deno.openSync(path, { append: true, create: true });
let rotations = 0;
for (let number = 0; number < lines; number++) {
  file.writeSync(encoder.encode(`${JSON.stringify({ number, text: "x".repeat(number % 50) })}\n`));
  if ((number + 1) % (lines / 100) !== 0) continue;
  file.close();
  for (let old = rotations; old >= 0; old--) Deno.renameSync(old === 0 ? path : `${path}.${old}`, `${path}.${old + 1}`);
  rotations++;
  file = Deno.openSync(path, { append: true, create: true });
}
file.close();
await Deno.stdout.write(encoder.encode(`${rotations} rotations\n`));
