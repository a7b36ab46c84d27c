import type { MetricDefinition } from "./instruments/metric_definition.ts";
import type { MetricFamily } from "./metric_snapshot.ts";

/**
 * Add the help from definitions to families that were read from a journal, which stores no help.
 *
 * @param families Families as read from a journal
 * @param definitions Definitions of the known instruments
 * @returns The families in the order of the definitions; those without a definition come last, unchanged
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { withHelp } from "@civitai-dl/civitai-dl/metrics";
 *
 * const sent = { name: "mail.sent", kind: "counter", unit: "{mail}", help: "Mails that were sent" } as const;
 * const stored = { ...sent, help: "", series: [{ labels: {}, value: 3 }] };
 * assertEquals(withHelp([stored], [sent])[0]?.help, "Mails that were sent");
 * ```
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
