import { assertEquals } from "@std/assert";
import { parseStrategy, readReleaseStatus, type ReleaseSurvey } from "../../../lib/release/mod.ts";

const STRATEGY = parseStrategy(
  await Deno.readTextFile(new URL("../../../config/branches.yml", import.meta.url)),
  "branches.yml",
);

Deno.test("readReleaseStatus() proposes commands that a shell reads as one name, whatever a branch is called", async () => {
  const survey: ReleaseSurvey = {
    strategy: { ...STRATEGY, main: "it's;id", lines: STRATEGY.lines.filter(({ phase }) => phase === 1) },
    remote: "origin",
    checkout: { branch: null, sha: "f".repeat(40), activity: null, isShallow: false, changed: [], untracked: [] },
    branches: [],
    tags: [],
  };
  const phase = {
    phase: 1,
    version: "1.1.0",
    title: "",
    state: "open",
    branch: "p/$(id)",
    commits: 0,
    tag: null,
  } as const;
  const { next } = await readReleaseStatus({ root: "/r", commonFolder: "/r/.git" }, {
    survey,
    phases: [phase],
    operation: null,
    production: [],
    isOffline: true,
  });
  assertEquals(next.map(({ command }) => command), ["git switch 'it'\\''s;id'", "git switch 'p/$(id)'"]);
});
