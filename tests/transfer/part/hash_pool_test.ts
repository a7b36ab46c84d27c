import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { FailureError } from "../../../lib/failsafe/mod.ts";
import { HashPool } from "../../../lib/transfer/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { sha256, someBytes } from "../../helpers/servers/file_server.ts";

const NOTHING = { offset: 0, blocks: [] };

Deno.test("HashPool hashes several growing files at once, each to its end", () =>
  inTempDir(async (folder) => {
    using pool = new HashPool();
    const files = [20_000_000, 3_000_000, 9_000_000].map((size, index) => someBytes(size, index + 1));
    const digests = await Promise.all(files.map(async (bytes, index) => {
      const path = join(folder, String(index));
      await Deno.writeFile(path, bytes);
      using follower = pool.follow(path, NOTHING);
      for (const share of [0.2, 0.7, 1]) follower.advance(bytes, Math.floor(bytes.length * share));
      return (await follower.finish(bytes.length)).sha256;
    }));
    assertEquals(digests, files.map(sha256));
  }));

Deno.test("HashPool reports a file shorter than announced, and continues with others", () =>
  inTempDir(async (folder) => {
    using pool = new HashPool();
    const short = join(folder, "short");
    const whole = join(folder, "whole");
    const bytes = someBytes(1000);
    await Deno.writeFile(short, bytes);
    await Deno.writeFile(whole, bytes);
    using broken = pool.follow(short, NOTHING);
    const error = await assertRejects(() => broken.finish(2000), FailureError, "shorter");
    assertEquals(error.failure, "changed");
    using fine = pool.follow(whole, NOTHING);
    assertEquals((await fine.finish(1000)).sha256, sha256(bytes));
  }));
