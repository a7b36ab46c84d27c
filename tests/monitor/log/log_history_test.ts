import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { openEventLog } from "../../../lib/downloader/mod.ts";
import { LogHistory } from "../../../lib/monitor/log/log_history.ts";
import { readLine } from "../../../lib/problems/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { append } from "../../helpers/rotate.ts";

const line = (message: string, fields: Record<string, unknown> = {}): string =>
  JSON.stringify({
    time: new Date().toISOString(),
    level: "ERROR",
    type: "end",
    outcome: "failed",
    failure: "disk",
    item: { path: `${message}.bin` },
    message,
    ...fields,
  });

Deno.test("LogHistory starts with the last day of the logs, including rotated ones, and reports it once", () =>
  inTempDir(async (folder) => {
    const log = join(folder, "download.log");
    const journal = join(folder, "monitor.jsonl");
    const history = new LogHistory();
    await history.seed([log, journal], { now: Date.now() });
    assertEquals(history.failures.list, []);
    await append(`${log}.1`, `${line("in the night")}\n`);
    const filler = `${line("well", { level: "INFO", outcome: "done", message: null })}\n`;
    await append(log, filler.repeat(Math.ceil(300_000 / filler.length)));
    const mode = JSON.stringify({ time: new Date().toISOString(), level: "WARN", type: "mode", from: "a", to: "b" });
    await append(log, `${line("last but one")}\n${mode}\n${line("last")}\n{"half`);
    await append(
      journal,
      `${JSON.stringify({ time: new Date().toISOString(), type: "alert", state: "firing", rule: "R" })}\n`,
    );
    await history.seed([log, journal], { now: Date.now() });
    assertEquals(history.failures.list.map(({ message }) => message), ["last", "last but one", "in the night"]);
    assertEquals(history.events.list(Date.now()).map(({ type }) => type), ["alert", "mode"]);
    // An earlier monitor had not reached the end; the rest is returned again.
    const again = (await Deno.readTextFile(log)).split("\n").slice(-4, -1);
    for (const one of [...again, line("later"), line("later still")]) history.add(readLine(one), { now: Date.now() });
    assertEquals(history.failures.list.map(({ message }) => message).slice(0, 3), ["later still", "later", "last"]);
    assertEquals(history.failures.list.length, 5);
    assertEquals(history.events.list(Date.now()).length, 2);
  }));

Deno.test("LogHistory keeps the last failures of any age, but not in the groups of the day", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "download.log");
    await append(path, `${line("old", { time: "2020-01-01T00:00:00.000Z" })}\n${line("new")}\n`);
    await append(`${path}.1`, `${line("older still", { time: "2019-01-01T00:00:00.000Z" })}\n`);
    await Deno.utime(`${path}.1`, new Date(0), new Date(0));
    const history = new LogHistory();
    await history.seed([path], { now: Date.now() });
    assertEquals(history.failures.list.map(({ message }) => message), ["new", "old"]);
    assertEquals(history.failures.groups(Date.now()).map(({ message }) => message), ["new"]);
  }));

Deno.test("LogHistory reads the downloader's own log, and drops failures whose files arrived", () =>
  inTempDir(async (folder) => {
    const clock = new FakeClock();
    const item = (key: string) => ({
      key,
      kind: "file" as const,
      path: `${key}.bin`,
      creator: null,
      modelId: 1,
      versionId: 1,
      fileId: 1,
    });
    const end = { type: "end", host: "b2.example", bytes: 5, durationMs: 1 } as const;
    {
      using log = openEventLog(folder, { redact: (text) => text, clock });
      log.write({ type: "plan", files: 2, bytes: 10 });
      for (const key of ["a", "b"]) {
        log.write({
          ...end,
          item: item(key),
          outcome: "failed",
          failure: "server",
          message: `Cannot fetch "${key}": 500`,
        });
      }
      log.write({ type: "retry", item: item("a"), host: "b2.example", attempt: 1, waitMs: 5, failure: "server" });
      log.write({
        type: "breaker",
        key: "b2.example",
        from: "closed",
        to: "open",
        reason: "5 of the last 5 calls failed",
      });
      log.write({
        type: "breaker",
        key: "b2.example",
        from: "half-open",
        to: "closed",
        reason: "2 of 3 probes succeeded",
      });
      log.write({ ...end, item: item("a"), outcome: "done", failure: null, message: null });
      log.write({
        type: "run-end",
        command: "update",
        exitCode: 1,
        done: 1,
        failed: 1,
        left: 0,
        fetchedBytes: 5,
        durationMs: 9,
        cause: "timeout",
        message: "1 file failed",
        hint: null,
      });
    }
    const history = new LogHistory();
    await history.seed([join(folder, "download.log")], { now: clock.now() });
    assertEquals(history.failures.groups(clock.now()).map(({ files, paths }) => [files, paths]), [[1, ["b.bin"]]]);
    const told = history.events.list(clock.now()).map(({ type }) => type);
    assertEquals(told.toSorted(), ["end", "outage", "retries", "run"]);
  }));
