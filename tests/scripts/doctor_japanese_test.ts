import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { CHECK_NAMES } from "../../scripts/_health/health_flags.ts";
import { assertJapanese } from "../helpers/assert_japanese.ts";
import { call } from "../helpers/call.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const JAPANESE = { LANG: "ja_JP.UTF-8" };

/** What `doctor` and its other name say of a library of the test in Japanese. */
async function ask(folder: string, words: readonly string[]): Promise<{ out: string; err: string; code: number }> {
  const place = ["--library", join(folder, "library"), "--logs", join(folder, "logs"), "--reserve", "1M", "--offline"];
  return await call([...words, ...place, "--base-url", "http://127.0.0.1:9"], { env: JAPANESE });
}

Deno.test("doctor says everything in Japanese of a library that is well", () =>
  inTempDir(async (folder) => {
    const { out, err, code } = await ask(folder, ["doctor"]);
    assertEquals(code, 0, err);
    assertJapanese(out, [...CHECK_NAMES, folder]);
    assertMatch(out, /^23 項目: 異常 0、警告 \d、正常 \d+、対象外 \d+$/m);
  }));

Deno.test("doctor says everything in Japanese of a library that is broken, also on stderr", () =>
  inTempDir(async (folder) => {
    const home = join(folder, "library", ".civitai-dl");
    await Deno.mkdir(join(home, "state"), { recursive: true });
    await Deno.writeTextFile(join(home, "catalog.db"), "junk");
    for (const name of ["failsafe.json", "rollout.json", "quota.json", "alerts.json"]) {
      await Deno.writeTextFile(join(home, "state", name), "{broken");
    }
    for (const name of ["doctor", "health-check"]) {
      const { out, err, code } = await ask(folder, [name]);
      assertEquals(code, 1);
      assertJapanese(out, [...CHECK_NAMES, folder]);
      assertMatch(err, /^エラー: ライブラリのカタログの破損: .*。ほかに異常のある項目: 状態ファイル$/m);
      assertMatch(err, /^ヒント: civitai-dl /m);
      assertJapanese(err, [...CHECK_NAMES, folder]);
    }
    const { out } = await ask(folder, ["doctor", "--json"]);
    const { checks } = JSON.parse(out);
    assertStringIncludes(JSON.stringify(checks.map(({ status }: { status: string }) => status)), '"fail"');
  }));
