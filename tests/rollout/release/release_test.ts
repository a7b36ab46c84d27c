import { assert, assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { KitError } from "../../../lib/base/mod.ts";
import {
  chooseRelease,
  installId,
  parseReleaseList,
  type ReleaseList,
  releaseListJsonSchema,
  setShare,
} from "../../../lib/rollout/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";

const PUBLISHED = new URL("../../../config/releases.schema.json", import.meta.url);

Deno.test("chooseRelease() and setShare() order as Semantic Versioning does", () => {
  const order = ["1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2", "1.0.0-beta.11"];
  order.push("1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2.0.0");
  const list = order.reduce((rest, version) => setShare(rest, version, 100), { releases: [] } as ReleaseList);
  assertEquals(list.releases.map(({ version }) => version), order.toReversed());
  const taken = order.map((version) => chooseRelease(list, { version, id: "a" }).take?.version);
  assertEquals(taken, [...order.slice(1).map(() => "2.0.0"), undefined]);
  assertEquals(chooseRelease(list, { version: "v2.0.0+build", id: "a" }).take, null);
  for (const version of ["1.0", "01.0.0", "", "next"]) {
    assertThrows(() => chooseRelease(list, { version, id: "a" }), TypeError);
  }
});

Deno.test("chooseRelease() gives a release to its share of installations, and keeps them when the share grows", () => {
  const takers = (percentage: number): ReadonlySet<number> => {
    const releases = [{ version: "1.1.0", percentage, salt: "1.1.0" }];
    const ids = Array.from({ length: 20_000 }, (_, id) => id);
    return new Set(ids.filter((id) => chooseRelease({ releases }, { version: "1.0.0", id: `${id}` }).take !== null));
  };
  const [none, tenth, half, all] = [takers(0), takers(10), takers(50), takers(100)] as const;
  assertEquals([none.size, all.size], [0, 20_000]);
  assert(tenth.size > 1850 && tenth.size < 2150, `${tenth.size}`);
  assert(tenth.isSubsetOf(half) && half.isSubsetOf(all));
});

Deno.test("chooseRelease() takes the newest release that includes the installation, and none that is older", () => {
  const releases = [
    { version: "1.2.0", percentage: 0.01, salt: "1.2.0" },
    { version: "1.1.0", percentage: 100, salt: "1.1.0" },
    { version: "1.3.0", percentage: 0, salt: "1.3.0" },
  ];
  const choice = chooseRelease({ releases }, { version: "1.0.0", id: "a" });
  assertEquals([choice.take?.version, choice.newest?.version], ["1.1.0", "1.2.0"]);
  const stays = chooseRelease({ releases }, { version: "1.1.0", id: "a" });
  assertEquals(stays.reason, "1.2.0 is for 0.01 % of the installations so far, and this one is not among them yet");
  assertEquals(chooseRelease({ releases }, { version: "1.2.0", id: "a" }).reason, "1.2.0 is the newest version");
});

Deno.test("parseReleaseList() names the field that is wrong", () => {
  const list = (change: object): string =>
    JSON.stringify({
      schema: "civitai-dl/releases",
      version: 1,
      releases: [{ version: "1.1.0", percentage: 1, salt: "s", ...change }],
    });
  assertEquals(parseReleaseList(list({})).releases.length, 1);
  for (
    const [text, message] of [
      ["<html>", "it is not JSON"],
      ["{}", '"schema"'],
      [list({ percentage: 101 }), '"releases.0.percentage"'],
      [list({ percentage: 0.001 }), "must have at most two decimals"],
      [list({ version: "soon" }), "must be a version such as 1.1.0"],
      [list({ version: "v1.1.0" }), "must be a version such as 1.1.0"],
      [list({ version: "1.1.0 " }), "must be a version such as 1.1.0"],
      [list({ extra: 1 }), '"releases.0"'],
    ] as const
  ) {
    const error = assertThrows(() => parseReleaseList(text), KitError, message);
    assertEquals(error.code, "failed");
  }
});

Deno.test("config/releases.schema.json equals the schema of the parser", async () => {
  assertEquals(JSON.parse(await Deno.readTextFile(PUBLISHED)), releaseListJsonSchema());
});

Deno.test("installId() is created once, private, and random", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "civitai-dl", "install-id");
    const ids = await Promise.all(Array.from({ length: 8 }, () => installId(path)));
    assertEquals(new Set(ids).size, 1);
    assertEquals((await Deno.stat(path)).mode! & 0o777, 0o600);
    assertEquals((await Deno.readTextFile(path)).trim(), ids[0]);
    await Deno.writeTextFile(path, "nonsense");
    const again = await installId(path);
    assert(again !== "nonsense" && again !== ids[0]);
    assertEquals(await installId(path), again);
  }));
