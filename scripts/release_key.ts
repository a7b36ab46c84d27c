import { dirname, resolve } from "node:path";
import { KitError, openNoFollow, PRIVATE_FILE_MODE, syncDir, syncFile } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import { createReleaseKeyPair, type ReleaseKey } from "../lib/release/mod.ts";
import { runScript } from "./_frame/run_script.ts";

/** A key pair that was made. */
interface MadeKey {
  /** The file with the private half. */
  readonly file: string;
  /** The public half, for config/release-keys.json. */
  readonly key: ReleaseKey;
}

/** The `release-key` task: makes a key pair that signs releases. */
export const command = defineCommand({
  name: "release-key",
  summary: "Make a key that signs releases",
  description:
    "Writes the private half into FILE, which must not exist and which only you can read, and shows the entry " +
    "for config/release-keys.json. Put the private half into the secret RELEASE_SIGNING_KEY of the environment release, " +
    "keep a copy offline, and delete the file. docs/releases.md describes how a key replaces another.",
  args: [{ name: "FILE", summary: "New file for the private half, outside of the checkout", required: true }],
  examples: [{ command: "deno task release-key ~/civitai-dl-release.pem", summary: "A new key" }],
  async run({ args }): Promise<MadeKey> {
    const file = resolve(args[0]!);
    const { key, privateKey } = await createReleaseKeyPair(new Date().toISOString().slice(0, 10));
    try {
      using handle = await openNoFollow(file, { createNew: true, write: true, mode: PRIVATE_FILE_MODE });
      await handle.write(new TextEncoder().encode(privateKey));
      await syncFile(handle);
      await syncDir(dirname(file));
    } catch (cause) {
      if (!(cause instanceof Deno.errors.AlreadyExists)) throw cause;
      throw new KitError("usage", `Cannot write "${file}": it exists, and a key must not be overwritten`, {
        hint: "Name a new file",
        cause,
      });
    }
    return { file, key };
  },
  render: ({ file, key }: MadeKey) =>
    [
      `The private half is in ${file}: put it into the secret RELEASE_SIGNING_KEY, keep a copy offline, delete the file`,
      "Add to the keys in config/release-keys.json:",
      `  ${JSON.stringify(key)}`,
    ].map((line) => `${line}\n`).join(""),
});

if (import.meta.main) await runScript(command);
