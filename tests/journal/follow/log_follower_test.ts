import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { LogFollower, type LogFollowerOptions } from "../../../lib/journal/mod.ts";
import { FakeClock } from "../../helpers/fake_clock.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { append, copyTruncate, rotate } from "../../helpers/rotate.ts";

interface Story {
  readonly path: string;
  /** A follower that starts at the beginning of the log by default. */
  readonly follow: (options?: LogFollowerOptions) => LogFollower;
  readonly lines: string[];
  /** Poll once; returns the new lines. */
  readonly look: (follower: LogFollower) => Promise<readonly string[]>;
}

function withLog(story: (log: Story) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    using stack = new DisposableStack();
    const path = join(folder, "download.log");
    const lines: string[] = [];
    await story({
      path,
      lines,
      follow: (options = {}) => stack.use(new LogFollower(path, { from: "start", ...options })),
      async look(follower) {
        const before = lines.length;
        await follower.poll((line) => lines.push(line));
        return lines.slice(before);
      },
    });
  });
}

Deno.test("LogFollower returns each line once, and a partial line when it is complete", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "one\ntwo\r\nthr");
    const follower = follow();
    assertEquals(await look(follower), ["one", "two"]);
    assertEquals(await look(follower), []);
    await append(path, "ee\n\nfour");
    assertEquals(await look(follower), ["three"]);
    await append(path, "\n");
    assertEquals(await look(follower), ["four"]);
    const { lines, rotations, truncations, lost } = follower.figures;
    assertEquals([lines, rotations, truncations, lost], [4, 0, 0, 0]);
  }));

Deno.test("LogFollower starts at the end, with the line that is being written", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "old\nha");
    const follower = follow({ from: "end" });
    assertEquals(await look(follower), []);
    await append(path, "lf\nnew\n");
    assertEquals(await look(follower), ["half", "new"]);
  }));

Deno.test("LogFollower waits for a missing log and reads it from its start", () =>
  withLog(async ({ path, follow, look }) => {
    await append(`${path}.1`, "of long ago\n");
    const follower = follow({ from: "end" });
    assertEquals(await look(follower), []);
    await append(path, "first\n");
    assertEquals(await look(follower), ["first"]);
  }));

Deno.test("LogFollower reads a log from its start that was rotated before the second poll", () =>
  withLog(async ({ path, follow, look }) => {
    const follower = follow({ from: "end" });
    assertEquals(await look(follower), []);
    await append(path, "1\n");
    await rotate(path);
    await append(path, "2\n");
    await rotate(path);
    assertEquals(await look(follower), ["1", "2"]);
  }));

Deno.test("LogFollower follows one rotation, and several between two polls", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "1\n");
    const follower = follow();
    assertEquals(await look(follower), ["1"]);
    await append(path, "2\n");
    await rotate(path);
    assertEquals(await look(follower), ["2"]);
    for (const number of [3, 4, 5, 6]) {
      await append(path, `${number}\n`);
      await rotate(path);
    }
    await append(path, "7\n");
    assertEquals(await look(follower), ["3", "4", "5", "6", "7"]);
    assertEquals(follower.figures.rotations, 5);
    assertEquals(follower.figures.lost, 0);
  }));

Deno.test("LogFollower reads the rest of a file that was rotated out of reach", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "1\n");
    const follower = follow();
    assertEquals(await look(follower), ["1"]);
    await append(path, "2\n");
    for (const number of [3, 4, 5]) {
      await rotate(path, 2);
      await append(path, `${number}\n`);
    }
    // It still has the unlinked file open.
    assertEquals(await look(follower), ["2", "3", "4", "5"]);
  }));

Deno.test("LogFollower reads what a writer appends to a file that it opened before the rotation", () =>
  withLog(async ({ path, follow, look }) => {
    const clock = new FakeClock();
    using late = await Deno.open(path, { append: true, create: true });
    const write = (text: string) => late.write(new TextEncoder().encode(text));
    await write("a1\n");
    const follower = follow({ clock });
    assertEquals(await look(follower), ["a1"]);
    await rotate(path);
    await append(path, "b1\n");
    assertEquals(await look(follower), ["b1"]);
    await write("a2\na3 without an end");
    assertEquals(await look(follower), ["a2"]);
    clock.advance(59_000);
    await write(", now with one\n");
    assertEquals(await look(follower), ["a3 without an end, now with one"]);
    await write("a4");
    clock.advance(59_000);
    assertEquals(await look(follower), []);
    clock.advance(61_000);
    // The long idle time means that everything has been read.
    assertEquals(await look(follower), ["a4"]);
    await write("\nnobody hears this\n");
    assertEquals(await look(follower), []);
  }));

Deno.test("LogFollower detects a truncation, even if the file has grown past its position since", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "one\ntwo\nthree\n");
    const follower = follow();
    assertEquals((await look(follower)).length, 3);
    await Deno.truncate(path, 0);
    await append(path, "four\n");
    assertEquals(await look(follower), ["four"]);
    await Deno.truncate(path, 0);
    await append(path, "five\nsix\nseven\neight\nnine\n");
    assertEquals(await look(follower), ["five", "six", "seven", "eight", "nine"]);
    assertEquals(follower.figures.truncations, 2);
  }));

Deno.test("LogFollower reads what a truncation removed from the copy", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "one\n");
    const follower = follow();
    assertEquals(await look(follower), ["one"]);
    await append(path, "two\n");
    await copyTruncate(path);
    await append(path, "three\n");
    await copyTruncate(path);
    await append(path, "four\n");
    assertEquals(await look(follower), ["two", "three", "four"]);
    assertEquals(await look(follower), []);
  }));

Deno.test("LogFollower reads the copies of a log that it found empty", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "");
    // Dates of files have a resolution of some milliseconds.
    const past = new Date(Date.now() - 60_000);
    await Deno.utime(path, past, past);
    await append(`${path}.1`, "of long ago\n");
    await Deno.utime(`${path}.1`, past, past);
    const first = follow();
    assertEquals(await look(first), []);
    const { positions } = first;
    first[Symbol.dispose]();
    for (const number of [1, 2, 3]) {
      await append(path, `${number}\n`);
      if (number < 3) await copyTruncate(path);
    }
    const second = follow({ positions });
    assertEquals(await look(second), ["1", "2", "3"]);
    assertEquals(await look(second), []);
  }));

Deno.test("LogFollower ignores a copy of a log that is not truncated yet", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "");
    const past = new Date(Date.now() - 60_000);
    await Deno.utime(path, past, past);
    const follower = follow();
    assertEquals(await look(follower), []);
    await append(path, "1\n2\n");
    await Deno.copyFile(path, `${path}.1`);
    assertEquals(await look(follower), ["1", "2"]);
    await Deno.truncate(path, 0);
    await append(path, "3\n");
    assertEquals(await look(follower), ["3"]);
  }));

Deno.test("LogFollower starts over in a file that replaces the log, even with its inode", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "one\ntwo\n");
    const first = follow();
    await look(first);
    const positions = first.positions;
    first[Symbol.dispose]();
    // The same inode with a plausible size, but other content.
    await Deno.writeTextFile(path, "uno\ndos\ntres\n");
    const second = follow({ positions });
    assertEquals(await look(second), ["uno", "dos", "tres"]);
    assertEquals(second.figures.lost, 1);
  }));

Deno.test("LogFollower resumes after a restart, across rotations meanwhile", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "1\n2\nhal");
    const first = follow();
    assertEquals(await look(first), ["1", "2"]);
    const positions = JSON.parse(JSON.stringify(first.positions));
    first[Symbol.dispose]();
    await append(path, "f\n3\n");
    await rotate(path);
    await append(path, "4\n");
    await rotate(path);
    await append(path, "5\n");
    const second = follow({ positions, from: "end" });
    assertEquals(await look(second), ["half", "3", "4", "5"]);
    assertEquals(second.figures.lost, 0);
  }));

Deno.test("LogFollower resumes after a restart in the copy of a log that was truncated meanwhile", () =>
  withLog(async ({ path, follow, look }) => {
    await append(path, "1\n");
    const first = follow();
    await look(first);
    const { positions } = first;
    first[Symbol.dispose]();
    await append(path, "2\n");
    await copyTruncate(path);
    await append(path, "3\n");
    const second = follow({ positions });
    assertEquals(await look(second), ["2", "3"]);
    assertEquals(second.figures.lost, 0);
  }));

Deno.test("LogFollower keeps positions that it could not use yet", () =>
  withLog(async ({ path, follow }) => {
    const positions = [{ dev: 1, ino: 2, offset: 3, fingerprint: "ab", mtimeMs: 4 }];
    assertEquals(follow({ positions }).positions, positions);
    assertEquals(follow().positions, undefined);
    const follower = follow();
    await follower.poll(() => {});
    assertEquals(follower.positions, []);
    assertEquals(await Array.fromAsync(Deno.readDir(join(path, ".."))), []);
  }));

Deno.test("LogFollower skips and counts oversized lines", () =>
  withLog(async ({ path, follow, look }) => {
    const mega = new Uint8Array(1024 * 1024).fill(0x78);
    const follower = follow();
    await append(path, "before\n");
    for (let count = 0; count < 10; count++) {
      await append(path, mega);
      assertEquals((await look(follower)).length, count === 0 ? 1 : 0);
    }
    await append(path, "\nafter\n");
    assertEquals(await look(follower), ["after"]);
    for (let count = 0; count < 10; count++) await append(path, mega);
    await append(path, "\nafter that\n");
    assertEquals(await look(follower), ["after that"]);
    assertEquals(follower.figures.tooLong, 2);
  }));

Deno.test("LogFollower skips binary garbage", () =>
  withLog(async ({ path, follow, look }) => {
    const follower = follow();
    await append(path, new Uint8Array([0x61, 0x0a, 0xff, 0xfe, 0x80, 0x0a, 0, 0, 0, 0, 0x0a, 0x62, 0x0a]));
    assertEquals(await look(follower), ["a", "\ufffd\ufffd\ufffd", "b"]);
    // A writer that does not append leaves a hole when its log is truncated.
    await append(path, new Uint8Array(2 * 1024 * 1024));
    await append(path, "after the hole\n");
    assertEquals(await look(follower), ["after the hole"]);
    assertEquals([follower.figures.withNulBytes, follower.figures.tooLong], [2, 0]);
  }));

Deno.test("LogFollower reports an error once, retries and loses nothing", () =>
  withLog(async ({ path, follow, look }) => {
    const told: string[] = [];
    await Deno.mkdir(path);
    const follower = follow({ onProblem: (message) => told.push(message) });
    for (let count = 0; count < 3; count++) assertEquals(await look(follower), []);
    assertEquals(told, [`Cannot follow "${path}": it is not a regular file; trying again`]);
    assertEquals(follower.figures.problems, 3);
    await Deno.remove(path);
    await append(path, "one\n");
    assertEquals(await look(follower), ["one"]);
    assertEquals(told[1], `Following "${path}" again`);
    // A replacement that cannot be opened does not block the rest of the old log.
    await append(path, "two\n");
    await rotate(path);
    await Deno.mkdir(path);
    assertEquals(await look(follower), ["two"]);
    assertEquals(told.length, 3);
    await Deno.remove(path);
    await append(path, "three\n");
    assertEquals(await look(follower), ["three"]);
  }));

Deno.test({
  name: "LogFollower retries after a denied read",
  // Root may read everything.
  ignore: Deno.build.os === "windows" || Deno.uid() === 0,
  fn: () =>
    withLog(async ({ path, follow, look }) => {
      const told: string[] = [];
      await append(path, "one\n");
      await Deno.chmod(path, 0o000);
      const follower = follow({ onProblem: (message) => told.push(message) });
      assertEquals(await look(follower), []);
      assertStringIncludes(told[0]!, "ermission denied");
      await Deno.chmod(path, 0o600);
      assertEquals(await look(follower), ["one"]);
    }),
});

Deno.test("LogFollower ends a long poll with the reason of its signal", () =>
  withLog(async ({ path, follow }) => {
    await append(path, "x".repeat(100) + "\n");
    const reason = new Error("enough");
    const error = await follow().poll(() => {}, { signal: AbortSignal.abort(reason) }).catch((error) => error);
    assertEquals(error, reason);
  }));

Deno.test("LogFollower keeps no more files open than it needs", () =>
  withLog(async ({ path, follow, look }) => {
    const clock = new FakeClock();
    const follower = follow({ clock });
    for (let number = 0; number < 40; number++) {
      await append(path, `${number}\n`);
      await look(follower);
      await rotate(path);
    }
    assert(follower.positions!.length <= 9, `${follower.positions!.length}`);
    await append(path, "last\n");
    clock.advance(60_000);
    await look(follower);
    assertEquals(follower.positions!.length, 1);
  }));
