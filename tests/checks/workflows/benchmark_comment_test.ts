import { assertEquals, assertMatch } from "@std/assert";
import { readWorkflow } from "../../helpers/workflows/read_workflow.ts";

const workflow = await readWorkflow("benchmark_comment.yml");
const script = String(
  workflow.jobs[0]!.steps.find(({ uses }) => uses.startsWith("actions/github-script"))!.with.script,
);

interface Comment {
  readonly id: number;
  readonly body: string;
  readonly user: { readonly type: string };
}

interface Scene {
  /** Title of the benchmark's run. */
  readonly title: string;
  readonly report: string;
  /** Numbers of open pull requests by branch. */
  readonly pulls: Readonly<Record<string, number>>;
  readonly comments: readonly Comment[];
}

interface Played {
  /** What was asked of GitHub: the name of the method and its parameters. */
  readonly calls: readonly (readonly [string, Readonly<Record<string, unknown>>])[];
  readonly notices: readonly string[];
}

/** Run the script of the workflow with a GitHub that records. */
async function play({ title, report, pulls, comments }: Scene): Promise<Played> {
  const calls: [string, Record<string, unknown>][] = [];
  const notices: string[] = [];
  const record = (name: string) => (parameters: Record<string, unknown>) => {
    calls.push([name, parameters]);
    return Promise.resolve();
  };
  const github = {
    rest: {
      pulls: {
        list: ({ head, state }: { readonly head: string; readonly state: string }) => {
          assertEquals(state, "open");
          const number = pulls[head];
          return Promise.resolve({ data: number === undefined ? [] : [{ number }] });
        },
      },
      issues: { listComments: "list", createComment: record("create"), updateComment: record("update") },
    },
    paginate: () => Promise.resolve(comments),
  };
  const parameters = {
    github,
    core: { notice: (text: string) => notices.push(text) },
    context: { repo: { owner: "owner", repo: "name" } },
    require: () => ({ readFileSync: () => report }),
    process: { env: { TITLE: title, RUN_URL: "https://example.test/run" } },
  };
  const AsyncFunction = play.constructor as new (...texts: string[]) => (...values: unknown[]) => Promise<unknown>;
  await new AsyncFunction(...Object.keys(parameters), script)(...Object.values(parameters));
  return { calls, notices };
}

const SCENE: Scene = {
  title: "Benchmark main...performance/phase2",
  report: "# Faster\n",
  pulls: { "owner:performance/phase2": 7 },
  comments: [],
};

Deno.test("benchmark_comment.yml writes a comment on the pull request of the measured branch", async () => {
  const { calls } = await play(SCENE);
  const [name, { body, ...where }] = calls[0]!;
  assertEquals([calls.length, name, where], [1, "create", { owner: "owner", repo: "name", "issue_number": 7 }]);
  assertEquals(
    body,
    "<!-- civitai-dl benchmark -->\n# Faster\n\n\n[All files of this run](https://example.test/run)",
  );
});

Deno.test("benchmark_comment.yml replaces its own earlier comment, and no one else's", async () => {
  const body = "<!-- civitai-dl benchmark -->\nold";
  const comments = [
    { id: 1, body, user: { type: "User" } },
    { id: 2, body: `> ${body}`, user: { type: "Bot" } },
    { id: 3, body, user: { type: "Bot" } },
  ];
  const { calls } = await play({ ...SCENE, comments });
  assertEquals(calls.map(([name, { comment_id }]) => [name, comment_id]), [["update", 3]]);
});

Deno.test("benchmark_comment.yml does nothing without an open pull request or a branch", async () => {
  assertEquals(await play({ ...SCENE, pulls: {} }), {
    calls: [],
    notices: ["No pull request of performance/phase2 is open"],
  });
  assertEquals((await play({ ...SCENE, title: "Benchmark" })).calls, []);
});

Deno.test("benchmark_comment.yml keeps a report within GitHub's limit, and lets it mention nobody", async () => {
  const { calls } = await play({ ...SCENE, report: `@everybody ${"x".repeat(100_000)}` });
  const body = String(calls[0]![1].body);
  assertEquals(body.length < 65_536, true);
  assertMatch(body, /@\u200beverybody/);
  assertEquals(body.includes("@everybody"), false);
});

Deno.test("benchmark_comment.yml runs no code of the branch", () => {
  const steps = workflow.jobs.flatMap((job) => job.steps);
  assertEquals(steps.filter(({ run, uses }) => run !== "" || uses.startsWith("actions/checkout")), []);
});
