import type { Row } from "./_database.ts";

/** Until version 3, the state and the outcome `corrupted` were called `quarantined`. */
const OLD = "quarantined";
const NEW = "corrupted";

/** Rename the state and the outcome of an item of version 3 or older. */
export function withNewState(item: Row): Row {
  return renamed(item, { from: OLD, to: NEW });
}

/** Rename the state and the outcome of an item for version 3 or older. */
export function withOldState(item: Row): Row {
  return renamed(item, { from: NEW, to: OLD });
}

/** Rename the outcome in the summary of a run of version 3 or older. */
export function withNewSummary(run: Row): Row {
  return withSummary(run, { from: OLD, to: NEW });
}

/** Rename the outcome in the summary of a run for version 3 or older. */
export function withOldSummary(run: Row): Row {
  return withSummary(run, { from: NEW, to: OLD });
}

interface Rename {
  readonly from: string;
  readonly to: string;
}

function renamed(item: Row, { from, to }: Rename): Row {
  const rename = (name: unknown): unknown => name === from ? to : name;
  return { ...item, state: rename(item.state), outcome: rename(item.outcome) };
}

/** Quotes inside a JSON text are escaped, so only a whole key or value matches. */
function withSummary(run: Row, { from, to }: Rename): Row {
  if (typeof run.summary !== "string") return run;
  return { ...run, summary: run.summary.replaceAll(JSON.stringify(from), JSON.stringify(to)) };
}
