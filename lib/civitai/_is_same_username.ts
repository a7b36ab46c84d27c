/**
 * Whether two names belong to one user. Case is ignored, and so are leading zeros of names of digits, which the API
 * drops.
 */
export function isSameUsername(a: string, b: string): boolean {
  return normalize(a) === normalize(b);
}

function normalize(name: string): string {
  // Only the first space, as the server does.
  const text = name.trim().toLowerCase().replace(" ", "_");
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, "") : text;
}
