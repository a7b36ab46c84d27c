import { assertEquals, assertRejects } from "@std/assert";
import { KitError } from "../../../lib/base/mod.ts";
import { parseStrategy, planPrepare, readReleaseStatus, type ReleaseSurvey } from "../../../lib/release/mod.ts";

const STRATEGY = parseStrategy(
  await Deno.readTextFile(new URL("../../../config/branches.yml", import.meta.url)),
  "branches.yml",
);

const REPOSITORY = { root: "/r", commonFolder: "/r/.git" };

/** A detached HEAD, and nothing else. */
const EMPTY: ReleaseSurvey = {
  strategy: STRATEGY,
  remote: "origin",
  checkout: { branch: null, sha: "f".repeat(40), activity: null, isShallow: false, changed: [], untracked: [] },
  branches: [],
  tags: [],
};

Deno.test("readReleaseStatus() proposes commands that a shell reads as one name, whatever a branch is called", async () => {
  const lines = STRATEGY.lines.filter(({ phase }) => phase === 1);
  const survey = { ...EMPTY, strategy: { ...STRATEGY, main: "it's;id", lines } };
  const phase = {
    phase: 1,
    version: "1.1.0",
    title: "",
    state: "open",
    branch: "p/$(id)",
    commits: 0,
    hasWork: false,
    tag: null,
  } as const;
  const { next } = await readReleaseStatus(REPOSITORY, {
    survey,
    phases: [phase],
    operation: null,
    production: [],
    isOffline: true,
  });
  assertEquals(next.map(({ command }) => command), ["git switch 'p/$(id)'"]);
});

Deno.test("planPrepare() takes a missing stable branch for a mistake in the configuration, as branch does", async () => {
  const error = await assertRejects(
    () => planPrepare(REPOSITORY, "1.0.0", { survey: EMPTY, date: "2026-11-27" }),
    KitError,
    "neither here nor on origin is a branch main",
  );
  assertEquals(error.code, "usage");
});
