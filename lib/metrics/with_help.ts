import type { MetricDefinition } from "./instruments/metric_definition.ts";
import type { MetricFamily } from "./metric_snapshot.ts";

/**
 * Give families that came from a journal, which has no help, the help of their definitions.
 *
 * @param families What was read
 * @param definitions What is known
 * @returns Families in the order of the definitions; unknown ones come last, as they are
 */
export function withHelp(
  families: readonly MetricFamily[],
  definitions: readonly MetricDefinition[],
): readonly MetricFamily[] {
  const places = new Map(definitions.map(({ name }, index) => [name, index]));
  const place = ({ name }: MetricFamily) => places.get(name) ?? definitions.length;
  return families.toSorted((a, b) => place(a) - place(b)).map((family) => {
    return { ...family, help: definitions[place(family)]?.help ?? family.help };
  });
}
