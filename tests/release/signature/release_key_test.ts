import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import {
  createReleaseKeyPair,
  parseReleaseKeys,
  readReleaseKey,
  readSigningKey,
  signChecksums,
  verifyChecksums,
} from "../../../lib/release/mod.ts";
import KEYS from "../../../config/release-keys.json" with { type: "json" };
import { hasProgram } from "../../helpers/has_program.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const SUMS = new TextEncoder().encode(`${"0".repeat(64)}  civitai-dl.js\n`);
const hasOpenssl = await hasProgram("openssl", "version");

Deno.test("readSigningKey() finds the public half of a key, however the secret was pasted", async () => {
  const { key, privateKey } = await createReleaseKeyPair("2026-01-01");
  for (
    const text of [privateKey, privateKey.replaceAll("\n", ""), privateKey.replaceAll("\n", "\\n"), ` ${privateKey}`]
  ) {
    assertEquals((await readSigningKey(text)).key.id, key.id);
  }
  assertMatch(key.publicKey, /^MCowBQYDK2Vw/);
});

Deno.test("readSigningKey() shows nothing of what it refuses", async () => {
  for (const text of ["secret", "", "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----\n"]) {
    const error = await assertRejects(() => readSigningKey(text), KitError, "it is not an Ed25519 key");
    assertEquals([error.cause, error.message.includes("secret")], [undefined, false]);
  }
});

Deno.test("parseReleaseKeys() reads the shipped list, and refuses a key under the id of another", async () => {
  await parseReleaseKeys(KEYS);
  const { key } = await createReleaseKeyPair("2026-01-01");
  assertEquals(await parseReleaseKeys({ version: 1, keys: [key] }), [key]);
  const wrong = [
    { version: 1, keys: [{ ...key, id: "0".repeat(16) }] },
    { version: 1, keys: [{ ...key, publicKey: "AAAA" }] },
    { version: 1, keys: [{ ...key, since: "now" }] },
    { version: 2, keys: [] },
    [],
  ];
  for (const value of wrong) assertEquals((await assertRejects(() => parseReleaseKeys(value), KitError)).code, "usage");
});

Deno.test("verifyChecksums() needs the right signature of one known key", async () => {
  const [old, next, other] = await Promise.all([1, 2, 3].map(() => createReleaseKeyPair("2026-01-01")));
  const keys = await Promise.all([old!, next!].map(({ privateKey }) => readSigningKey(privateKey)));
  const signature = await signChecksums(SUMS, keys);
  const verify = (known: typeof old, sums = SUMS) =>
    verifyChecksums(sums, { signature, keys: [known!.key], tag: "v1.1.0" });
  assertEquals([await verify(old), await verify(next)], [old!.key.id, next!.key.id]);
  await assertRejects(() => verify(other), KitError, "does not know the key that signed it");
  await assertRejects(() => verify(old, SUMS.slice(1)), KitError, "is wrong");
});

Deno.test({
  name: "keys and signatures are those of OpenSSL",
  ignore: !hasOpenssl,
  fn: () =>
    inTempDir(async (folder) => {
      const openssl = async (...args: readonly string[]) => {
        const { code, stdout, stderr } = await new Deno.Command("openssl", { args: [...args], cwd: folder }).output();
        assertEquals(code, 0, new TextDecoder().decode(stderr));
        return new TextDecoder().decode(stdout);
      };
      await openssl("genpkey", "-algorithm", "ed25519", "-out", "key.pem");
      const pem = await openssl("pkey", "-in", "key.pem", "-pubout", "-out", "public.pem").then(() =>
        Deno.readTextFile(join(folder, "public.pem"))
      );
      const signing = await readSigningKey(await Deno.readTextFile(join(folder, "key.pem")));
      assertEquals(signing.key, await readReleaseKey(pem.split("\n")[1]!));
      const signature = await signChecksums(SUMS, [signing]);
      await Deno.writeFile(join(folder, "SHA256SUMS"), SUMS);
      await Deno.writeFile(join(folder, "signature"), Uint8Array.fromBase64(signature.trim().split(" ")[1]!));
      const input = ["-rawin", "-in", "SHA256SUMS", "-sigfile", "signature"];
      assertMatch(await openssl("pkeyutl", "-verify", "-pubin", "-inkey", "public.pem", ...input), /Verified Success/);
    }),
});
