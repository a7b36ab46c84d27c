import { LogWriter } from "../../lib/journal/mod.ts";

/** Appends numbered lines to a log that other processes append to and rotate as well. */
const [path, name, count] = Deno.args;
using log = new LogWriter(path!, { rotation: { maxBytes: 2000, keep: 100 } });
for (let number = 0; number < Number(count); number++) log.append(`${name} ${number}`);
