import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { StabilityLane } from "../../lib/stability/stability_lane.ts";
import { NO_ANSWER } from "../../lib/stability/stability_job.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

Deno.test("StabilityLane does not charge late requests of a lost job to other jobs", () =>
  inTempDir(async (folder) => {
    const names = ["", "0-plan-3", "nobody-0"];
    await using lane = await StabilityLane.open({
      folder,
      seed: 1,
      toxics: () => [],
      async hand({ id, apiOrigin }) {
        if (id === "0-plan") throw new Error("lost");
        const name = names[Number(id.split("-")[0])]!;
        await (await fetch(`${apiOrigin}/api/v1/models`, { headers: { "X-Request-Id": name } })).body?.cancel();
        return NO_ANSWER;
      },
    });
    const work = (index: number) => {
      const job = { index, id: `${index}-plan`, kind: "plan", lane: 0, isInjected: false, seed: 1 };
      return lane.work(job, { signal: new AbortController().signal, beat: () => {} });
    };
    await assertRejects(() => work(0), Error, "lost");
    assertEquals((await work(1)).exchanges?.problems, []);
    assertEquals((await work(2)).exchanges?.problems.length, 1);
  }));

Deno.test("StabilityLane gives a download the files that its seed chooses, in every lane, and keeps them for what follows", () =>
  inTempDir(async (folder) => {
    const offered: string[] = [];
    const open = (name: string): Promise<StabilityLane> =>
      StabilityLane.open({
        folder: join(folder, name),
        seed: 1,
        toxics: () => [],
        async hand({ apiOrigin, creators }) {
          const pages = await Promise.all(creators.map(async (creator) => {
            const page = await fetch(`${apiOrigin}/api/v1/models?username=${creator}`);
            return (await page.text()).replaceAll(/http:\/\/127\.0\.0\.1:\d+|cursor=[^"]*/g, "");
          }));
          offered.push(pages.join());
          return NO_ANSWER;
        },
      });
    await using one = await open("one");
    await using other = await open("other");
    const work = (lane: StabilityLane, kind: string, seed: number) => {
      const job = { index: offered.length, id: `${offered.length}-${kind}`, kind, lane: 0, isInjected: false, seed };
      return lane.work(job, { signal: new AbortController().signal, beat: () => {} });
    };
    await work(one, "download:turbo", 3);
    await work(one, "verify", 5);
    await work(other, "download:turbo", 4);
    await work(other, "download:stable", 3);
    const [first, verified, another, again] = offered;
    assertEquals([verified, again], [first, first]);
    assertNotEquals(another, first);
  }));
