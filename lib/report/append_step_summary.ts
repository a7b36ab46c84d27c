/** GitHub refuses a whole summary that is larger. */
const MAX_BYTES = 1024 * 1024;
const CUT = "\n\nThe rest is left out: a summary holds 1 MiB.\n";

/**
 * Append Markdown to the summary of a step of GitHub Actions, cut so that the whole file stays within what is shown.
 *
 * @param path The file that `GITHUB_STEP_SUMMARY` names; made if it is not there
 * @param markdown What to add
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
  // A decoder that may be in the middle of a character leaves its beginning out.
  const kept = new TextDecoder().decode(bytes.subarray(0, room - cut.length), { stream: true });
  const lines = kept.slice(0, kept.lastIndexOf("\n") + 1);
  await Deno.writeFile(path, encoder.encode(lines + CUT), { append: true });
}
