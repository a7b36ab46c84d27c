import { assertEquals, assertThrows } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { KitError } from "../../lib/base/mod.ts";
import { LogWriter, type LogWriterOptions } from "../../lib/journal/mod.ts";
import { FakeClock } from "../helpers/fake_clock.ts";
import { inTempDir } from "../helpers/temp_dir.ts";

function write(path: string, lines: readonly string[], options: LogWriterOptions = {}): void {
  using log = new LogWriter(path, options);
  for (const line of lines) log.append(line);
}

/** Names of a folder with their texts; lock files are left out. */
async function textsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).toSorted();
  const logs = names.filter((name) => !name.endsWith(".lock"));
  return Object.fromEntries(
    await Promise.all(logs.map(async (name) => [name, await Deno.readTextFile(join(folder, name))] as const)),
  );
}

Deno.test("LogWriter renames a log that a line would make too large, and keeps the newest old files", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    write(path, ["one", "two", "three", "four", "five"], { rotation: { maxBytes: 9, keep: 2 } });
    assertEquals(await textsIn(folder), { "log": "five\n", "log.1": "four\n", "log.2": "three\n" });
  }));

Deno.test("LogWriter restarts a full log if it keeps no old files", () =>
  inTempDir(async (folder) => {
    write(join(folder, "log"), ["one", "two", "three"], { rotation: { maxBytes: 9, keep: 0 } });
    assertEquals(await textsIn(folder), { "log": "three\n" });
  }));

Deno.test("LogWriter writes a line above the limit to a file of its own", () =>
  inTempDir(async (folder) => {
    const long = "x".repeat(50);
    write(join(folder, "log"), [long, "two"], { rotation: { maxBytes: 9, keep: 1 } });
    assertEquals(await textsIn(folder), { "log": "two\n", "log.1": `${long}\n` });
  }));

Deno.test("LogWriter completes a partial line of a killed process", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    await Deno.writeTextFile(path, '{"whole":1}\n{"par');
    write(path, ["next"]);
    assertEquals(await textsIn(folder), { "log": '{"whole":1}\n{"par\nnext\n' });
  }));

Deno.test("LogWriter continues in a new file when another program renames or removes the log", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    using log = new LogWriter(path);
    log.append("one");
    await Deno.rename(path, `${path}.1`);
    log.append("two");
    await Deno.remove(path);
    log.append("three");
    assertEquals(await textsIn(folder), { "log": "three\n", "log.1": "one\n" });
  }));

Deno.test("LogWriter writes no line through a symbolic link, also when the link replaces an open log", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    const victim = join(folder, "victim");
    await Deno.writeTextFile(victim, "mine\n");
    using log = new LogWriter(path);
    log.append("one");
    await Deno.remove(path);
    await Deno.symlink(victim, path);
    assertThrows(() => log.append("two"), KitError);
    assertEquals(await Deno.readTextFile(victim), "mine\n");
  }));

Deno.test("LogWriter retries after an error", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "logs", "log");
    using log = new LogWriter(path);
    assertThrows(() => log.append("one"), Deno.errors.NotFound);
    await Deno.mkdir(join(folder, "logs"));
    log.append("two");
    assertEquals(await Deno.readTextFile(path), "two\n");
  }));

Deno.test("LogWriter completes a partial line after a full disk", {
  ignore: Deno.build.os !== "linux",
}, () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    // A limit of the shell on the size of a file stands for the full disk: the write is cut at 1024 bytes.
    const program = fileURLToPath(new URL("./_full_disk_program.ts", import.meta.url));
    const script = `trap '' XFSZ; ulimit -f 1; exec "$0" run -q -A "$1" "$2"`;
    const args = ["-c", script, Deno.execPath(), program, path];
    const { success } = await new Deno.Command("bash", { args, env: { DENO_NO_UPDATE_CHECK: "1" } }).output();
    assertEquals(success, true);
    write(path, ["after"]);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    assertEquals([lines[0]!.length, lines[1]!.length, lines[2]], [1000, 23, "after"]);
  }));

Deno.test("LogWriter loses and mixes no line of processes that append and rotate concurrently", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    const program = fileURLToPath(new URL("./_appending_program.ts", import.meta.url));
    const names = ["a", "b", "c"];
    const children = names.map((name) =>
      new Deno.Command(Deno.execPath(), { args: ["run", "-q", "-A", program, path, name, "400"] }).output()
    );
    assertEquals((await Promise.all(children)).map(({ code }) => code), [0, 0, 0]);
    const texts = await textsIn(folder);
    const files = Object.keys(texts).toSorted((one, other) => numberOf(other) - numberOf(one));
    const lines = files.flatMap((name) => texts[name]!.trimEnd().split("\n"));
    const expected = Array.from({ length: 400 }, (_, number) => number);
    for (const name of names) {
      const own = lines.filter((line) => line.startsWith(`${name} `)).map((line) => Number(line.slice(2)));
      assertEquals(own.toSorted((one, other) => one - other), expected);
    }
    assertEquals([lines.length, files.length > 3], [1200, true]);
  }));

function numberOf(name: string): number {
  return Number(name.split(".")[1] ?? 0);
}

Deno.test("LogWriter keeps writing to a log that a viewer on Windows has open, and rotates it later", () =>
  inTempDir(async (folder) => {
    const path = join(folder, "log");
    const clock = new FakeClock();
    let isOpen = true;
    let attempts = 0;
    const rename = (from: string, to: string): void => {
      if (from === path && isOpen) {
        attempts++;
        throw new Error("The process cannot access the file because it is being used … (os error 32)");
      }
      Deno.renameSync(from, to);
    };
    await Deno.writeTextFile(`${path}.1`, "old\n");
    using log = new LogWriter(path, { rotation: { maxBytes: 9, keep: 2 }, rename, os: "windows", clock });
    for (const line of ["one", "two", "three", "four"]) log.append(line);
    assertEquals(await textsIn(folder), { "log": "one\ntwo\nthree\nfour\n", "log.2": "old\n" });
    assertEquals(attempts, 1);
    clock.advance(10_000);
    log.append("five");
    assertEquals(attempts, 2);
    isOpen = false;
    clock.advance(10_000);
    log.append("six");
    assertEquals(await textsIn(folder), {
      "log": "six\n",
      "log.1": "one\ntwo\nthree\nfour\nfive\n",
      "log.2": "old\n",
    });
  }));

Deno.test("LogWriter reports a rotation that no later attempt would help", () =>
  inTempDir((folder) => {
    const rename = (): void => {
      throw new Error("Permission denied (os error 13)");
    };
    using log = new LogWriter(join(folder, "log"), { rotation: { maxBytes: 9, keep: 1 }, rename, os: "linux" });
    log.append("one");
    assertThrows(() => log.append("twothree"), Error, "os error 13");
    return Promise.resolve();
  }));
