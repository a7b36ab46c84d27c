import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Random, seededRandom, systemClock } from "../../../lib/base/mod.ts";
import { LogFollower } from "../../../lib/journal/mod.ts";
import { inTempDir } from "../../helpers/temp_dir.ts";
import { append, copyTruncate, rotate } from "../../helpers/rotate.ts";

const LINES = 100_000;
const ROUNDS = 100;

/** Counts of each number, and their order. */
class Tally {
  readonly #seen = new Uint8Array(LINES);
  #disordered = 0;
  #last = -1;
  count = 0;

  see(line: string): void {
    const { number } = JSON.parse(line);
    this.count++;
    this.#seen[number]!++;
    if (number < this.#last) this.#disordered++;
    this.#last = number;
  }

  assertOnce(): void {
    const wrong = this.#seen.findIndex((count) => count !== 1);
    assertEquals(wrong === -1 ? "all once" : `line ${wrong} came ${this.#seen[wrong]} times`, "all once");
    assertEquals(this.#disordered, 0);
  }
}

Deno.test("LogFollower reads every line once across 100 rotations by a live writer during 100 000 lines", () =>
  inTempDir(async (folder) => {
    const script = fileURLToPath(new URL("./_rotating_program.ts", import.meta.url));
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-q", "--no-prompt", "--allow-read", `--allow-write=${folder}`, script, folder, `${LINES}`],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const tally = new Tally();
    using follower = new LogFollower(join(folder, "download.log"), { from: "start" });
    let hasEnded = false;
    const ended = child.output().then(({ stdout }) => {
      hasEnded = true;
      return new TextDecoder().decode(stdout);
    });
    while (!hasEnded) {
      await follower.poll((line) => tally.see(line));
      await systemClock.sleep(2);
    }
    await follower.poll((line) => tally.see(line));
    assertEquals(await ended, `${ROUNDS} rotations\n`);
    tally.assertOnce();
    assertEquals([follower.figures.rotations, follower.figures.lost], [ROUNDS, 0]);
  }));

Deno.test("LogFollower reads every line once across 100 truncations during 100 000 lines, each after a full read", () =>
  changeAfterEach(async ({ path, look }) => {
    await look();
    await Deno.truncate(path, 0);
  }));

Deno.test("LogFollower reads every line once across 100 copytruncates during 100 000 lines at any moment", () =>
  changeAfterEach(async ({ path, look, random }) => {
    if (random() < 0.4) await look();
    await copyTruncate(path);
  }));

Deno.test("LogFollower reads every line once across rotations, truncations, copies and restarts in turn", () =>
  changeAfterEach(async ({ path, look, restart, random }) => {
    const dice = random();
    if (dice < 0.3) await rotate(path);
    else if (dice < 0.6) await copyTruncate(path);
    else {
      await look();
      // Otherwise no reader could see what is removed here.
      await Deno.truncate(path, 0);
    }
    if (random() < 0.3) await look();
    if (random() < 0.2) restart();
    // For a log that was found empty, only dates show what happened to it, with a resolution of some milliseconds.
    await systemClock.sleep(10);
  }));

interface Change {
  readonly path: string;
  readonly random: Random;
  readonly look: () => Promise<void>;
  readonly restart: () => void;
}

/** Write 1000 lines and apply a change, a hundred times. */
function changeAfterEach(change: (with_: Change) => Promise<void>): Promise<void> {
  return inTempDir(async (folder) => {
    const path = join(folder, "download.log");
    const tally = new Tally();
    const random = seededRandom(13);
    let follower = new LogFollower(path, { from: "start" });
    const look = async () => void await follower.poll((line) => tally.see(line));
    const restart = () => {
      const positions = JSON.parse(JSON.stringify(follower.positions ?? null)) ?? undefined;
      follower[Symbol.dispose]();
      follower = new LogFollower(path, { positions, from: "start" });
    };
    // A follower ignores what is there before its first poll.
    await append(path, "");
    await look();
    for (let round = 0; round < ROUNDS; round++) {
      const numbers = Array.from({ length: LINES / ROUNDS }, (_, index) => round * LINES / ROUNDS + index);
      const text = numbers.map((number) => `${JSON.stringify({ number, text: "x".repeat(number % 50) })}\n`).join("");
      const middle = Math.floor(random() * text.length);
      await append(path, text.slice(0, middle));
      if (random() < 0.5) await look();
      await append(path, text.slice(middle));
      await change({ path, random, look, restart });
    }
    await look();
    follower[Symbol.dispose]();
    tally.assertOnce();
    assertEquals(tally.count, LINES);
  });
}
