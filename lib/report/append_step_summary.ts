/** Size limit of GitHub, which rejects the whole summary if it is larger. */
const MAX_BYTES = 1024 * 1024;
const CUT = "\n\nTruncated: a step summary is limited to 1 MiB.\n";

/**
 * Append Markdown to the step summary of GitHub Actions. The text is truncated so that the whole file stays within
 * GitHub's limit. If not even the truncation notice fits, nothing is appended.
 *
 * @param path The file in `GITHUB_STEP_SUMMARY`; created if it does not exist
 * @param markdown The text to append
 */
export async function appendStepSummary(path: string, markdown: string): Promise<void> {
  const size = await Deno.stat(path).then((stat) => stat.size, (error) => {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  });
  const encoder = new TextEncoder();
  const bytes = encoder.encode(markdown);
  const room = MAX_BYTES - size;
  if (bytes.length <= room) return await Deno.writeFile(path, bytes, { append: true });
  const cut = encoder.encode(CUT);
  if (room < cut.length) return;
  // With `stream`, the decoder drops an incomplete character at the end.
  const kept = new TextDecoder().decode(bytes.subarray(0, room - cut.length), { stream: true });
  const lines = kept.slice(0, kept.lastIndexOf("\n") + 1);
  await Deno.writeFile(path, encoder.encode(lines + CUT), { append: true });
}
