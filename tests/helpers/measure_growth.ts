import { fileURLToPath } from "node:url";

/**
 * Run a probe in a process of its own and read how much its resident memory grew: parallel test files share one
 * process, whose memory says nothing about one test.
 *
 * @param probe The probe's module; it prints one number of bytes
 * @returns The growth in bytes
 */
export async function measureGrowth(probe: URL): Promise<number> {
  const permissions = ["--allow-read", "--allow-write", "--allow-env", "--allow-sys"];
  const args = ["run", "-q", "--no-prompt", ...permissions, fileURLToPath(probe)];
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
  const text = new TextDecoder();
  if (!success) throw new Error(`The probe failed: ${text.decode(stderr).slice(-800)}`);
  const growth = Number(text.decode(stdout).trim());
  if (!Number.isFinite(growth)) throw new Error(`The probe printed no number: ${text.decode(stdout)}`);
  return growth;
}

/** Print a probe's figure. */
export async function reportGrowth(bytes: number): Promise<void> {
  await Deno.stdout.write(new TextEncoder().encode(`${bytes}\n`));
}
