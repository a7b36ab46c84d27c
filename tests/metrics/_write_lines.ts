import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { SENT } from "./_metrics.ts";

/** A process of its own that writes lines to a journal: folder, its name, how many lines, at which size to rotate. */
const [folder = "", name = "", lines = "", maxBytes = ""] = Deno.args;
const registry = new MetricRegistry();
const sent = registry.counter(SENT);
// What cannot be written would be a lost line: then the process fails, and the test with it.
const onWarning = (message: string) => {
  throw new Error(message);
};
const options = { everyMs: 3_600_000, maxBytes: Number(maxBytes), keep: 30, onWarning };
await using journal = new MetricJournal(folder, registry, options);
for (let line = 1; line < Number(lines); line++) {
  sent.add(1, { to: name });
  await journal.flush();
}
sent.add(1, { to: name });
