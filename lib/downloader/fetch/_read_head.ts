/** Read the first 64 bytes of a file, enough to recognize its format. */
export async function readHead(path: string): Promise<Uint8Array> {
  using file = await Deno.open(path, { read: true });
  const head = new Uint8Array(64);
  return head.subarray(0, await file.read(head) ?? 0);
}
