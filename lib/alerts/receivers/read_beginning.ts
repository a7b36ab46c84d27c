/** Maximum number of bytes to read: the bodies that matter here are short. */
const MAX_BYTES = 4096;

/** Read the first 4 KiB of a body as text. */
export async function readBeginning(response: Response): Promise<string> {
  if (response.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of response.body) {
    text += decoder.decode(chunk.subarray(0, MAX_BYTES - size), { stream: true });
    size += chunk.length;
    if (size >= MAX_BYTES) break;
  }
  return text;
}
