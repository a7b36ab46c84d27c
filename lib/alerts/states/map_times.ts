/**
 * Map every time in a state: each number in a field with a name that ends in `At`. Fields are sorted by name, so that
 * equal states are formatted as equal text.
 */
export function mapTimes<T>(value: T, change: (ms: number) => number): T {
  return walk(value, change) as T;
}

function walk(value: unknown, change: (ms: number) => number): unknown {
  if (Array.isArray(value)) return value.map((one) => walk(one, change));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).toSorted(([a], [b]) => a < b ? -1 : 1).map(([key, one]) => [
      key,
      typeof one === "number" && key.endsWith("At") ? change(one) : walk(one, change),
    ]),
  );
}
