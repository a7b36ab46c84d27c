/** Whether two names are one user's: case does not count, and names of digits lose their leading zeros on the way. */
export function isSameUsername(a: string, b: string): boolean {
  return normalize(a) === normalize(b);
}

function normalize(name: string): string {
  const text = name.trim().toLowerCase().replace(" ", "_");
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, "") : text;
}
