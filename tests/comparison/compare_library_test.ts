import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { join } from "node:path";
import { fetchModels } from "../../lib/downloader/mod.ts";
import { startSandbox } from "../../lib/sandbox/mod.ts";
import { compareLibrary, listExpectedItems } from "../../lib/comparison/mod.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

const KINDS = ["file"] as const;

Deno.test("compareLibrary() finds what was not planned, is gone, or has a wrong byte", () =>
  inTempDir(async (folder) => {
    await using sandbox = await startSandbox({
      size: { creators: 2, modelsPerCreator: 4 },
      outcomes: {},
      fileBytes: { min: 1024, max: 2048 },
    });
    const [creator, other] = [...sandbox.catalog.creators()].map(({ username }) => username);
    const expected = await listExpectedItems(sandbox, { creators: [creator!], kinds: KINDS });
    const problemsOf = async (items: typeof expected) =>
      (await compareLibrary(folder, items)).map(({ problem }) => problem);
    assertEquals(await problemsOf(expected), expected.map(({ key }) => `${key}: not planned`));

    const options = { baseUrl: sandbox.apiOrigin, token: sandbox.token, reserveBytes: 0 };
    await fetchModels(folder, [`user:${creator}`], options);
    const compared = await compareLibrary(folder, expected);
    const fetched = compared.filter(({ row }) => row !== null);
    assertEquals([fetched.length > 2, fetched.filter(({ problem }) => problem !== null)], [true, []]);

    const [gone, wrong, right] = fetched;
    await Deno.remove(join(folder, gone!.row!.path));
    const path = join(folder, wrong!.row!.path);
    const bytes = await Deno.readFile(path);
    bytes[0]! ^= 1;
    await Deno.writeFile(path, bytes);
    const [first, second, third] = await problemsOf([gone!.item, wrong!.item, right!.item]);
    assertEquals([first, third], [`${gone!.row!.path}: there is no such file`, null]);
    assertMatch(second!, /: SHA-256 is [0-9a-f]{64}, expected [0-9a-f]{64}$/);

    const others = await listExpectedItems(sandbox, { creators: [other!], kinds: KINDS });
    assertEquals(others.some(({ key }) => expected.some((item) => item.key === key)), false);
    const signal = AbortSignal.abort(new Error("enough"));
    await assertRejects(() => compareLibrary(folder, expected, { signal }), Error, "enough");
  }));
