import { MetricJournal, MetricRegistry } from "../../lib/metrics/mod.ts";
import { SENT } from "./_metrics.ts";

/** A process that writes lines to a journal; arguments: folder, name, number of lines, size of a rotation. */
const [folder = "", name = "", lines = "", maxBytes = ""] = Deno.args;
const registry = new MetricRegistry();
const sent = registry.counter(SENT);
// A failed write would be a lost line: the process fails, and the test with it.
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
