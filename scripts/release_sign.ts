import { join, resolve } from "node:path";
import { type Env, KitError, writeAtomic } from "../lib/base/mod.ts";
import { defineCommand } from "../lib/cli/mod.ts";
import {
  CHECKSUMS_NAME,
  parseReleaseKeys,
  readReleaseKey,
  readSigningKey,
  type ReleaseKey,
  SIGNATURE_NAME,
  signChecksums,
  type SigningKey,
  UNSIGNED,
  verifyChecksums,
} from "../lib/release/mod.ts";
import KEYS from "../config/release-keys.json" with { type: "json" };
import { runScript } from "./_frame/run_script.ts";

/** The private keys: the present one, and another while it replaces the present one. */
const SECRETS = ["RELEASE_SIGNING_KEY", "RELEASE_SIGNING_KEY_NEXT"] as const;

/** A signed release. */
interface SignedRelease {
  readonly file: string;
  /** Ids of the keys that signed it; none if the maintainers have no key. */
  readonly keys: readonly string[];
}

/** The `release-sign` task: signs the checksums of a release with the maintainers' keys. */
export const command = defineCommand({
  name: "release-sign",
  summary: "Sign SHA256SUMS of a release, so that self-update can verify it",
  description: "Writes SHA256SUMS.sig beside SHA256SUMS. The private keys come from the environment: " +
    "RELEASE_SIGNING_KEY, and RELEASE_SIGNING_KEY_NEXT while one key replaces another. A key that is not in " +
    "config/release-keys.json is refused, because no program would trust it. As long as that list is empty and no key " +
    "is given, the file says that the release is not signed.",
  flags: [
    { name: "folder", type: "path", summary: "Folder of SHA256SUMS", placeholder: "FOLDER", default: "dist" },
    {
      name: "key",
      rare: true,
      type: "string",
      summary: "Public key in place of those in config/release-keys.json, for a mirror that signs its own builds",
      multiple: true,
      placeholder: "KEY",
    },
  ],
  examples: [{ command: "deno task release-sign", summary: "With the key in RELEASE_SIGNING_KEY" }],
  exits: { 1: "The key is missing, although the list of keys is not empty" },
  async run({ flags, env, display }): Promise<SignedRelease> {
    const folder = resolve(flags.folder);
    const named = flags.key ?? [];
    const trusted = named.length > 0
      ? await Promise.all(named.map((key) => readReleaseKey(key)))
      : await parseReleaseKeys(KEYS);
    const keys = await readKeys(env, trusted);
    const file = join(folder, SIGNATURE_NAME);
    const sums = await readSums(folder);
    if (keys.length === 0) {
      display.notice("warning: The maintainers have no key yet, so the release is not signed: docs/releases.md");
      await writeAtomic(file, UNSIGNED);
      return { file, keys: [] };
    }
    const signature = await signChecksums(sums, keys);
    for (const { key } of keys) await verifyChecksums(sums, { signature, keys: [key], tag: "the release" });
    await writeAtomic(file, signature);
    return { file, keys: keys.map(({ key }) => key.id) };
  },
  render: ({ file, keys }: SignedRelease) =>
    keys.length === 0 ? `${file}: not signed\n` : `${file}: signed with key ${keys.join(" and ")}\n`,
});

async function readKeys(env: Env, trusted: readonly ReleaseKey[]): Promise<readonly SigningKey[]> {
  const texts = SECRETS.map((name) => env(name) ?? "").filter((text) => text.trim() !== "");
  const keys = await Promise.all(texts.map((text) => readSigningKey(text)));
  const foreign = keys.find(({ key }) => !trusted.some(({ id }) => id === key.id));
  if (foreign !== undefined) {
    throw new KitError("usage", `Cannot sign: no program trusts key ${foreign.key.id}`, {
      hint: "Add its public half to config/release-keys.json in an earlier release: docs/releases.md",
    });
  }
  if (keys.length > 0 || trusted.length === 0) return keys;
  throw new KitError("failed", `Cannot sign: ${SECRETS[0]} is not set, and programs expect a signature`, {
    hint: "Put the private key into that secret of the environment release: docs/releases.md",
  });
}

async function readSums(folder: string): Promise<Uint8Array<ArrayBuffer>> {
  const path = join(folder, CHECKSUMS_NAME);
  try {
    return await Deno.readFile(path);
  } catch (cause) {
    if (!(cause instanceof Deno.errors.NotFound)) throw cause;
    throw new KitError("usage", `Cannot read "${path}": there is no such file`, {
      hint: "Write it with deno task release-files TAG",
      cause,
    });
  }
}

if (import.meta.main) await runScript(command);
