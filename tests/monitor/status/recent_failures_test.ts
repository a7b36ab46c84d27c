import { assertEquals } from "@std/assert";
import { recognizeIssue } from "../../../lib/monitor/mod.ts";
import { ThroughputHistory } from "../../../lib/monitor/status/throughput_history.ts";
import { RecentFailures } from "../../../lib/monitor/status/recent_failures.ts";
import { PROBLEMS, readLine } from "../../../lib/problems/mod.ts";

const line = (message: string, level = "ERROR"): string =>
  JSON.stringify({ level, type: "end", outcome: "failed", failure: "disk", item: { path: "a.bin" }, message });

Deno.test("RecentFailures keeps the last failures, newest first, with remedies", () => {
  const failures = new RecentFailures();
  for (let index = 0; index < 21; index++) failures.add(recognizeIssue(readLine(line(`${index}`)))!, { now: 0 });
  assertEquals(
    failures.list.map((failure) => failure.message),
    Array.from({ length: 20 }, (_, index) => `${20 - index}`),
  );
  assertEquals(failures.list[0], {
    time: "1970-01-01T00:00:00.000Z",
    path: "a.bin",
    class: "disk",
    message: "20",
    remedy: PROBLEMS.disk.en.remedy,
  });
});

const failed = (path: string, message: string, time = "2026-01-01T00:00:00.000Z"): string =>
  JSON.stringify({ time, level: "ERROR", type: "end", outcome: "failed", failure: "timeout", item: { path }, message });
const NOW = Date.UTC(2026, 0, 1, 1);

Deno.test("RecentFailures counts equal failures exactly, beyond 20 and per file, until the files arrive", () => {
  const failures = new RecentFailures();
  const see = (line: string) => failures.add(recognizeIssue(readLine(line))!, { now: NOW });
  for (let number = 0; number < 351; number++) {
    see(failed(`lora/a${number}.bin`, `Cannot fetch "a${number}.bin": no data for ${number} s`));
  }
  see(failed("lora/a7.bin", `Cannot fetch "a7.bin": no data for 30 s`, "2026-01-01T00:10:00.000Z"));
  see(failed("b.bin", "Cannot fetch it: the name cannot be resolved"));
  assertEquals(failures.list.length, 20);
  const [slow, other] = failures.groups(NOW);
  assertEquals([slow!.class, slow!.files, slow!.tries, slow!.paths.length], ["timeout", 351, 352, 20]);
  assertEquals([slow!.paths[0], slow!.message], ["lora/a7.bin", `Cannot fetch "a7.bin": no data for 30 s`]);
  assertEquals([slow!.since, slow!.time], ["2026-01-01T00:00:00.000Z", "2026-01-01T00:10:00.000Z"]);
  assertEquals([other!.files, other!.remedy], [1, PROBLEMS.timeout.en.remedy]);
  failures.recordDone("b.bin", "");
  for (let number = 1; number < 351; number++) failures.recordDone(`lora/a${number}.bin`, "");
  assertEquals(failures.groups(NOW).map(({ files, paths }) => [files, paths]), [[1, ["lora/a0.bin"]]]);
  assertEquals(failures.groups(NOW + 25 * 3_600_000), []);
});

Deno.test("RecentFailures counts a file only under its latest reason", () => {
  const failures = new RecentFailures();
  for (const message of ["no answer", "wrong bytes"]) {
    failures.add(recognizeIssue(readLine(failed("a.bin", message)))!, { now: NOW });
  }
  assertEquals(failures.groups(NOW).map(({ message, files }) => [message, files]), [["wrong bytes", 1]]);
});

Deno.test("RecentFailures restarts a kind after a day without failures", () => {
  const failures = new RecentFailures();
  const times = ["2026-01-01T00:00:00.000Z", "2026-01-03T00:00:00.000Z"];
  for (const [index, time] of times.entries()) {
    failures.add(recognizeIssue(readLine(failed(`${index}.bin`, `Cannot fetch "${index}.bin": no answer`, time)))!, {
      now: 0,
    });
  }
  assertEquals(failures.groups(Date.parse(times[1]!)).map(({ since, files, tries }) => [since, files, tries]), [
    [times[1], 1, 1],
  ]);
});

Deno.test("RecentFailures keeps at most a hundred kinds", () => {
  const failures = new RecentFailures();
  for (let number = 0; number < 150; number++) {
    const word = String.fromCharCode(97 + number % 26, 97 + Math.floor(number / 26));
    failures.add(recognizeIssue(readLine(failed(`${word}.bin`, `it is ${word}`)))!, { now: NOW });
  }
  assertEquals(failures.groups(NOW).length, 100);
});

Deno.test("ThroughputHistory keeps the last 120 values", () => {
  const history = new ThroughputHistory();
  for (let value = 0; value < 130; value++) history.add(value);
  assertEquals([history.values.length, history.values[0], history.values.at(-1)], [120, 10, 129]);
});

Deno.test("RecentFailures marks a cause that all files share as over when a file is downloaded later", () => {
  const failures = new RecentFailures();
  const add = (failure: "login" | "integrity", path: string, time: string): void =>
    failures.add({ ...recognizeIssue(readLine(failed(path, failure, time)))!, failure }, { now: NOW });
  add("login", "a.bin", "2026-01-01T00:00:00.000Z");
  add("integrity", "b.bin", "2026-01-01T00:00:00.000Z");
  const over = (): unknown => failures.groups(NOW).map((group) => [group.class, group.isOver]).toSorted();
  assertEquals(over(), [["integrity", false], ["login", false]]);
  failures.recordDone("c.bin", "2026-01-01T00:00:01.000Z");
  assertEquals(over(), [["integrity", false], ["login", true]]);
  add("login", "d.bin", "2026-01-01T00:00:02.000Z");
  assertEquals(over(), [["integrity", false], ["login", false]]);
});

Deno.test("RecentFailures says of which files nothing brings them back", () => {
  const failures = new RecentFailures();
  for (const failure of ["gone", "archived", "disabled", "unknown", "timeout"]) {
    const text = failed(`${failure}.bin`, failure).replace('"failure":"timeout"', `"failure":"${failure}"`);
    failures.add(recognizeIssue(readLine(text))!, { now: NOW });
  }
  const final = failures.groups(NOW).filter(({ isFinal }) => isFinal).map((group) => group.class);
  assertEquals(final.toSorted(), ["archived", "disabled", "gone"]);
});
