/** Unit of a number; `ratio` is a quotient of two numbers of the same unit. */
export type QuantityUnit = "seconds" | "bytes" | "ratio" | "seconds per GiB" | "count" | "files";

/**
 * Format a number with its unit and three significant digits, but at most three decimals: `1.87 s`, `42.0 ms`,
 * `66.2 MB` (10⁶ bytes), `0.587×`.
 *
 * @param value The number, in `unit`
 * @param unit Unit of the number
 * @returns The text
 */
export function formatQuantity(value: number, unit: QuantityUnit): string {
  switch (unit) {
    case "bytes":
      return decimalSize(value);
    case "ratio":
      return `${digits(value)}×`;
    case "count":
    case "files":
      return Number.isInteger(value) ? String(value) : digits(value);
    case "seconds per GiB":
      return `${digits(value)} s/GiB`;
    case "seconds":
      return shortTime(value);
  }
}

function shortTime(seconds: number): string {
  const units = [[1, "s"], [1e-3, "ms"], [1e-6, "µs"], [1e-9, "ns"]] as const;
  const [size, unit] = units.find(([least]) => Math.abs(seconds) >= least || seconds === 0) ?? units[3];
  return `${digits(seconds / size)} ${unit}`;
}

function decimalSize(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  return power === 0 ? `${bytes} bytes` : `${digits(bytes / 1000 ** power)} ${units[power]}`;
}

function digits(value: number): string {
  if (value === 0) return "0";
  const before = Math.floor(Math.log10(Math.abs(value))) + 1;
  return value.toFixed(Math.min(3, Math.max(0, 3 - before)));
}
