/**
 * Whether two names belong to the same user. Case is ignored. In names that consist only of digits, leading zeros are
 * ignored, too, because the API drops them.
 */
export function isSameUsername(a: string, b: string): boolean {
  return normalize(a) === normalize(b);
}

function normalize(name: string): string {
  // Only the first space is replaced, as on the server.
  const text = name.trim().toLowerCase().replace(" ", "_");
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, "") : text;
}
