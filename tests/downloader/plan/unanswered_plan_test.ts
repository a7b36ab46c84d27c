import { assert, assertEquals, assertRejects } from "@std/assert";
import { Interruption } from "../../../lib/cli/mod.ts";
import type { DownloadOptions } from "../../../lib/downloader/mod.ts";
import { type Bench, NO_IMAGES, withBench } from "../../helpers/library/download_bench.ts";

/** Leave a plan without an answer, like a kill at the prompt. */
async function leaveAtQuestion(bench: Bench, changes: Partial<DownloadOptions> = {}): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  void bench.download({
    waitsForAnswer: true,
    ...changes,
    approve() {
      resolve();
      return new Promise(() => {});
    },
  });
  await promise;
}

const decline: Partial<DownloadOptions> = { waitsForAnswer: true, approve: () => Promise.resolve(false) };

const states = ({ library }: Bench): readonly string[] => [...library.catalog.items()].map((item) => item.state);

Deno.test("download() discards a declined plan after a kill before the answer", () =>
  withBench({}, async (bench) => {
    await leaveAtQuestion(bench);
    assertEquals(states(bench).length, 3);
    const { plan, kept } = await bench.download(decline);
    assertEquals([plan.resumes, plan.wanted.files, kept], [true, 3, 0]);
    assertEquals(states(bench), []);
  }));

Deno.test("download() fetches nothing of an unanswered plan in another run", () =>
  withBench({ galleryPerVersion: 4 }, async (bench) => {
    const choice = { ...NO_IMAGES, gallery: 2 };
    const [first, ...others] = bench.everything;
    await leaveAtQuestion(bench, { targets: others, choice });
    const bare = await bench.download({ targets: [], choice });
    assertEquals([bare.plan.wanted.files, bare.plan.wanted.images, states(bench)], [0, 0, []]);
    await leaveAtQuestion(bench, { targets: others, choice });
    const { run } = await bench.download({ targets: [first!], choice });
    assertEquals(run?.outcomes.done, states(bench).length);
    assert(states(bench).every((state) => state === "done"));
    const asked = await bench.download({ targets: others, choice });
    assert(asked.plan.wanted.files === 2 && asked.plan.wanted.images >= 2, "galleries are planned again");
  }));

Deno.test("download() continues with an unanswered plan once it is approved", () =>
  withBench({}, async (bench) => {
    const targets = [{ type: "search", query: {} }] as const;
    await leaveAtQuestion(bench, { targets });
    const { plan, run } = await bench.download({ waitsForAnswer: true, targets });
    assertEquals([plan.resumes, run?.outcomes], [true, { done: 3 }]);
    assertEquals(bench.library.catalog.notes("unanswered:"), []);
  }));

Deno.test("download() reports how much of a declined plan was unfinished before, and keeps it", () =>
  withBench({}, async (bench) => {
    const stop = new AbortController();
    await bench.download({
      signal: stop.signal,
      onEvent: (event) => event.type === "end" && stop.abort(new Interruption("SIGINT")),
    });
    const { kept, plan } = await bench.download(decline);
    assertEquals([plan.wanted.files, kept], [2, 2]);
    assertEquals(states(bench).toSorted(), ["done", "planned", "planned"]);
    const bare = await bench.download({ ...decline, targets: [] });
    assertEquals([bare.plan.wanted.files, bare.kept], [2, 2]);
    assertEquals((await bench.download({ targets: [] })).run?.outcomes, { done: 2 });
  }));

Deno.test("download() keeps what was unfinished before an unanswered plan", () =>
  withBench({}, async (bench) => {
    const stop = new AbortController();
    await bench.download({
      targets: bench.everything.slice(0, 2),
      signal: stop.signal,
      onEvent: (event) => event.type === "end" && stop.abort(new Interruption("SIGINT")),
    });
    await leaveAtQuestion(bench);
    const { plan } = await bench.download({ ...decline, targets: [] });
    assertEquals([plan.wanted.files, states(bench).toSorted()], [1, ["done", "planned"]]);
  }));

Deno.test("download() discards a plan if Ctrl-C is pressed at the prompt", () =>
  withBench({}, async (bench) => {
    const approve = () => Promise.reject(new Interruption("SIGINT"));
    await assertRejects(() => bench.download({ waitsForAnswer: true, approve }), Interruption);
    assertEquals([states(bench), bench.library.catalog.notes("unanswered:")], [[], []]);
  }));

Deno.test("download() keeps the plan of a run without a prompt, however it ends", () =>
  withBench({}, async (bench) => {
    await leaveAtQuestion(bench, { waitsForAnswer: false });
    const { plan, run } = await bench.download({ targets: [] });
    assertEquals([plan.wanted.files, run?.outcomes], [3, { done: 3 }]);
  }));

Deno.test("download() discards the unreadable entries of a declined plan", () =>
  withBench({}, async (bench) => {
    const { catalog } = bench.library;
    await bench.download({
      waitsForAnswer: true,
      approve({ runId }) {
        catalog.setNote(`unreadable:${runId}`, JSON.stringify({ count: 0, entries: [] }));
        return Promise.resolve(false);
      },
    });
    assertEquals(catalog.notes("unreadable:"), []);
  }));
