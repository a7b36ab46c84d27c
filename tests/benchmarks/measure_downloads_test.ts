import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { measureDownloads } from "../../benchmarks/downloads/measure_downloads.ts";
import { withSteadySources } from "../helpers/steady_sources.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

// Six processes, each with a small library.
Deno.test("measureDownloads() measures each work, and counts requests, bytes and files exactly", () =>
  withSteadySources(() =>
    inTempDir(async (folder) => {
      const readings = await measureDownloads({ root: ROOT, folder, scale: 0.01 });
      const find = (name: string) => readings.find((one) => one.name === `download ${name}`)!;
      assertEquals([...new Set(readings.map(({ name }) => name.split(":")[0]))], [
        ...["download small", "download small, second run", "download small, one by one", "download large"],
        ...["download mixed", "download faults"],
      ]);
      assert(readings.every(({ value, problem }) => value !== null && problem === null));
      assert(find("small: time").value! > 0 && !find("small: time").isExact);
      assertEquals([find("small: bytes").value, find("small, second run: bytes").value], [4 * 4096, 0]);
      assertEquals(find("small: requests").value, find("small, one by one: requests").value);
      assertEquals(find("small: files").value, find("small, second run: files").value);
      assert(find("small: requests").isExact && find("faults: processor time").value! > 0);
      assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
      const some = await measureDownloads({ root: ROOT, folder, scale: 0.01, only: ["one by one: time", "hash"] });
      assertEquals(some.map(({ name }) => name.split(":")[0]), Array(4).fill("download small, one by one"));
    })
  ));
