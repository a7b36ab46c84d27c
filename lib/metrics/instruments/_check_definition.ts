import { metricBounds } from "./metric_bounds.ts";
import type { MetricDefinition } from "./metric_definition.ts";

const NAME = /^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$/;
const LABEL = /^[a-z][a-z0-9_]*$/;
const UNIT = /^(?:|%|1|[A-Za-z]+(?:\/[A-Za-z]+)?|\{[a-z_ ]+\}(?:\/[a-z]+)?)$/;
/** Label names that are reserved for the Prometheus format, the overflow series and the process. */
const RESERVED: ReadonlySet<string> = new Set(["le", "quantile", "overflow", "process"]);
const MAX_BOUNDS = 64;

/**
 * Reject a definition that at least one exporter cannot represent.
 *
 * @throws {TypeError} If the definition is invalid; the message says why
 */
export function checkDefinition(definition: MetricDefinition): void {
  const { name, unit, labels = [] } = definition;
  const refuse = (why: string): never => {
    throw new TypeError(`Cannot define metric "${name}": ${why}`);
  };
  if (!NAME.test(name) || name.length > 120) refuse("a name is lower case words with dots, at most 120 characters");
  if (!UNIT.test(unit)) refuse(`"${unit}" is not a unit`);
  for (const label of labels) {
    if (!LABEL.test(label)) refuse(`"${label}" is not a label name`);
    if (RESERVED.has(label)) refuse(`label "${label}" is reserved`);
  }
  if (new Set(labels).size !== labels.length) refuse("a label appears twice");
  if (definition.kind !== "histogram") {
    if (definition.bounds !== undefined) refuse("only a histogram has bounds");
    return;
  }
  const bounds = metricBounds(definition);
  const rises = bounds.every((bound, index) => Number.isFinite(bound) && (index === 0 || bound > bounds[index - 1]!));
  if (bounds.length === 0 || bounds.length > MAX_BOUNDS || !rises) {
    refuse(`bounds must be 1 to ${MAX_BOUNDS} rising numbers`);
  }
}
