import { assertEquals } from "@std/assert";
import { countBrokenJob, countJob, type JobFacts } from "../../../lib/stability/facts/count_job.ts";
import type { ExpectedItem } from "../../../lib/comparison/mod.ts";

function item(key: string, changes: Partial<ExpectedItem> = {}): ExpectedItem {
  return {
    key,
    kind: "file",
    modelId: 1,
    source: { kind: "file", id: 1 },
    sizeBytes: 10,
    digests: [],
    isPermanent: false,
    targets: ["user:A"],
    sidecars: [],
    ...changes,
  };
}

const ITEMS = [item("a"), item("b"), item("image", { targets: ["user:A", "user:A/images"] })];
const ANSWER: JobFacts["answer"] = { done: 3, lost: [], problems: [], stopped: null, concurrencyErrors: 0 };

function count(changes: Omit<Partial<JobFacts>, "answer"> & { readonly answer?: Partial<JobFacts["answer"]> }) {
  const states = new Map(ITEMS.map(({ key }) => [key, "done"]));
  const rest = { expected: ITEMS, states, isPlan: false, sidecars: 0, absentSidecars: [] };
  return countJob({ ...rest, ...changes, answer: { ...ANSWER, ...changes.answer } });
}

const missed = (...items: readonly string[]) =>
  items.map((item) => ({ kind: "missing" as const, text: `missing: ${item}` }));
const lost = (key: string, failure: string) => ({ key, path: `${key}.bin`, failure, message: "gone wrong" });

Deno.test("countJob() counts a complete job", () => {
  const { attempts, failures, permanent, expected, missing } = count({ sidecars: 4 });
  assertEquals([attempts, failures, permanent, expected, missing], [3, 0, 0, 7, []]);
});

Deno.test("countJob() misses what was not planned, what was planned but never tried, and files beside the models", () => {
  const states = new Map([["a", "done"], ["b", "planned"]]);
  const { missing, failures, messages } = count({ states, sidecars: 1, absentSidecars: ["a.json"] });
  assertEquals(missing, missed("b, planned without a failure", "image, not planned", "a.json"));
  assertEquals([failures, messages], [0, missing]);
});

Deno.test("countJob() counts what a failed listing or an early end hid as failed downloads, by their cause", () => {
  const states = new Map([["a", "done"], ["b", "done"]]);
  const problems = [{ target: "user:A/images", failure: "timeout", message: "no answer" }];
  const listing = count({ states, answer: { done: 2, problems } });
  assertEquals([listing.attempts, listing.failures, listing.timeouts, listing.missing], [3, 1, 1, []]);
  const stopped = { failure: "stall", message: "Stopped: the storage stalls" };
  const ended = count({ states: new Map([["a", "done"]]), answer: { done: 1, stopped } });
  assertEquals([ended.attempts, ended.failures, ended.timeouts, ended.missing], [3, 2, 2, []]);
  // A problem that hides nothing is one failure.
  assertEquals(count({ answer: { problems } }).errors, { timeout: 1 });
  const unknown = count({ states, answer: { problems: [{ ...problems[0]!, failure: null }] } });
  assertEquals(unknown.errors, { plan: 1 });
});

Deno.test("countJob() explains no missing item by the failure of another target", () => {
  const problems = [{ target: "version:7", failure: "timeout", message: "no answer" }];
  const { missing, failures } = count({ states: new Map([["a", "done"], ["b", "done"]]), answer: { problems } });
  assertEquals([missing, failures], [missed("image, not planned"), 1]);
});

Deno.test("countJob() keeps permanent faults apart, unless the item was lost in silence", () => {
  const expected = [item("a"), item("gone", { isPermanent: true })];
  const states = new Map([["a", "done"], ["gone", "refused"]]);
  const facts = (failure: string) => count({ expected, states, answer: { done: 1, lost: [lost("gone", failure)] } });
  assertEquals([facts("gone").attempts, facts("gone").failures, facts("gone").permanent], [1, 0, 1]);
  assertEquals([facts("stall").attempts, facts("stall").failures, facts("stall").timeouts], [2, 1, 1]);
  // It is not tried again, and it has to be planned all the same.
  assertEquals(count({ expected, states, answer: { done: 1 } }).missing, []);
  states.delete("gone");
  assertEquals(count({ expected, states, answer: { done: 1 } }).missing, missed("gone, not planned"));
});

Deno.test("countJob() counts lost items by the class of their failure, and compares a plan with the sandbox", () => {
  const answer = { done: 1, lost: [lost("a", "timeout"), lost("b", "server")] };
  const { attempts, failures, timeouts, errors, messages } = count({ answer });
  assertEquals([attempts, failures, timeouts, errors], [3, 2, 1, { timeout: 1, server: 1 }]);
  assertEquals(messages[0], { kind: "other", text: "a.bin: gone wrong" });
  const plan = { isPlan: true, answer: { done: 0 } };
  assertEquals(
    count({ ...plan, states: new Map([["a", "planned"], ["b", "planned"]]) }).missing,
    missed("image, not planned"),
  );
});

Deno.test("countBrokenJob() counts everything that a broken job had to fetch", () => {
  const { attempts, failures, timeouts, missing } = countBrokenJob("timeout", "no answer", ITEMS);
  assertEquals([attempts, failures, timeouts, missing], [3, 3, 3, []]);
});
