import { assertEquals } from "@std/assert";
import {
  createRedactor,
  EXIT_CODES,
  freeSpace,
  KitError,
  seededRandom,
  systemClock,
  systemEnv,
} from "../../lib/base/mod.ts";

Deno.test("KitError has code, hint, cause and the exit code of its kind", () => {
  const cause = new Error("below");
  const error = new KitError("unsafe", "Cannot continue: disk full", { hint: "Free some space", cause });
  assertEquals([error.exitCode, error.hint, error.cause], [4, "Free some space", cause]);
  assertEquals(EXIT_CODES, {
    failed: 1,
    usage: 2,
    inconclusive: 3,
    unsafe: 4,
    auth: 5,
    network: 6,
    integrity: 7,
    interrupted: 130,
  });
});

Deno.test("createRedactor() removes known secrets, bearer headers and signed parameters", () => {
  const redact = createRedactor(["abc/def+ghi", undefined, "tiny"]);
  assertEquals(redact("key abc/def+ghi and abc%2Fdef%2Bghi"), "key [redacted] and [redacted]");
  assertEquals(redact("Authorization: Bearer s3cr3t-value"), "Authorization: Bearer [redacted]");
  assertEquals(
    redact("https://r2/x?X-Amz-Signature=aa&X-Amz-Expires=9&a=1&token=zz"),
    "https://r2/x?X-Amz-Signature=[redacted]&X-Amz-Expires=[redacted]&a=1&token=[redacted]",
  );
  assertEquals(redact("tiny words stay"), "tiny words stay");
});

Deno.test("seededRandom() repeats for the same seed and differs for another", () => {
  const take = (seed: number) => Array.from({ length: 5 }, seededRandom(seed));
  assertEquals(take(7), take(7));
  assertEquals(take(7).some((value, index) => value !== take(8)[index]), true);
  assertEquals(take(7).every((value) => value >= 0 && value < 1), true);
});

Deno.test("systemEnv() treats an empty variable as absent", () => {
  Deno.env.set("CIVITAI_DL_TEST_EMPTY", "");
  assertEquals(systemEnv("CIVITAI_DL_TEST_EMPTY"), undefined);
  Deno.env.delete("CIVITAI_DL_TEST_EMPTY");
});

Deno.test("systemClock.sleep() rejects with the signal's reason unchanged", async () => {
  const reason = new Error("enough");
  const stop = new AbortController();
  const sleeping = systemClock.sleep(60_000, { signal: stop.signal }).catch((error) => error);
  stop.abort(reason);
  assertEquals(await sleeping, reason);
});

Deno.test("freeSpace() measures the file system of a folder", async () => {
  assertEquals(await freeSpace(".") > 0, true);
});
