/**
 * Build a `Content-Disposition` header that saves a response under a name (RFC 6266): in ASCII for old clients, and as
 * UTF-8 for the others (RFC 8187), if the name has more than ASCII.
 *
 * @param name The name, without folders
 */
export function attachmentNamed(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, "_");
  const fallback = `attachment; filename="${plain}"`;
  return plain === name ? fallback : `${fallback}; filename*=UTF-8''${encodeExtended(name)}`;
}

/** Percent-encode all but the characters that a value of RFC 8187 may have. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
