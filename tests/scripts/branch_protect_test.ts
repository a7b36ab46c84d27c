import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { command } from "../../scripts/branch.ts";
import type { Called } from "../helpers/call.ts";
import { callCommand } from "../helpers/call_command.ts";
import { readBlock, readCommands } from "../helpers/pages/read_block.ts";
import { runPageScript } from "../helpers/pages/run_page_script.ts";
import { inSharedRepository, type SharedRepository } from "../helpers/repository/shared_repository.ts";
import { type GithubServer, type KeptRuleset, problem, withGithubServer } from "../helpers/servers/github_server.ts";

const ROOT = new URL("../../", import.meta.url);
const TOKENS = { "admin-token-123": "administer", "reader-token-123": "read", "stranger-token-123": "none" } as const;
const FILES = ["develop.json", "history.json", "main.json", "tags.json"];

/** A repository with this project's strategy, workflow and rulesets, and its place on a server. */
interface Project extends SharedRepository {
  readonly server: GithubServer;
  readonly protect: (...args: readonly string[]) => Promise<Called>;
  readonly protectAs: (env: Readonly<Record<string, string>>, ...args: readonly string[]) => Promise<Called>;
}

function inProject(
  use: (project: Project) => Promise<void>,
  options: { readonly isPublic?: boolean; readonly pageSize?: number } = {},
): Promise<void> {
  return inSharedRepository(async (shared) => {
    const { root, git, write } = shared;
    const copied = [
      "config/branches.yml",
      ".github/workflows/ci.yml",
      ...FILES.map((file) => `.github/rulesets/${file}`),
    ];
    for (const path of copied) await write(path, await Deno.readTextFile(new URL(path, ROOT)));
    await git("remote", "set-url", "origin", "https://somebody:hunter2-password@github.example/owner/name.git");
    await withGithubServer({ tokens: TOKENS, ...options }, async (server) => {
      const protectAs = async (env: Readonly<Record<string, string>>, ...args: readonly string[]) => {
        const words = ["protect", ...args, "--repo", root];
        const called = await callCommand(command, words, { GITHUB_API_URL: server.api, ...env });
        for (const secret of [...Object.keys(TOKENS), "hunter2-password"]) {
          assert(!`${called.out}${called.err}`.includes(secret), "a secret is shown");
        }
        return called;
      };
      const protect = (...args: readonly string[]) => protectAs({ GITHUB_TOKEN: "admin-token-123" }, ...args);
      await use({ ...shared, server, protect, protectAs });
    });
  });
}

/** Methods and paths of the requests since the last call. */
function takeRequests({ requests }: GithubServer): readonly string[] {
  return requests.splice(0).map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`);
}

function rulesetNamed({ rulesets }: GithubServer, name: string): Record<string, unknown> {
  return rulesets.find((one) => one.name === name)!;
}

Deno.test("branch protect creates what is missing, sends nothing twice, and mends what somebody changed", () =>
  inProject(async ({ server, protect }) => {
    const page = await readCommands("docs/branches.md", "export GITHUB_TOKEN");
    const [, dryRun, send, check] = page.map((words) => () => protect(...words.slice(4)));
    assertStringIncludes((await dryRun!()).out, "curl ");
    assertEquals(server.rulesets, []);
    takeRequests(server);
    const first = await send!();
    assertEquals([first.code, first.err], [0, ""]);
    assertStringIncludes(first.out, '.github/rulesets/main.json: "Changes of main" was created');
    const base = "/repos/owner/name/rulesets";
    assertEquals(takeRequests(server), [`GET ${base}`, ...Array(4).fill(`POST ${base}`)]);
    for (const { name, target, enforcement, rules, conditions, bypass_actors: actors } of server.rulesets) {
      const file = FILES.map((one) => JSON.parse(Deno.readTextFileSync(new URL(`.github/rulesets/${one}`, ROOT))))
        .find((one) => one.name === name);
      assertEquals([target, enforcement, conditions, actors], [
        file.target,
        file.enforcement,
        file.conditions,
        file.bypass_actors,
      ]);
      assertEquals(
        (rules as { type: string }[]).map(({ type }) => type),
        file.rules.map((rule: { type: string }) => rule.type),
      );
    }
    const second = await send!();
    assertEquals(second.code, 0);
    assertEquals(takeRequests(server), [`GET ${base}`, ...[42, 43, 44, 45].map((id) => `GET ${base}/${id}`)]);
    const tags = rulesetNamed(server, "Tags of releases and phases");
    tags.enforcement = "disabled";
    assertEquals((await check!()).code, 1);
    takeRequests(server);
    const third = await protect("--json");
    assertEquals(takeRequests(server).filter((one) => !one.startsWith("GET")), [`PUT ${base}/${tags.id}`]);
    assertEquals(JSON.parse(third.out).rulesets.map((one: { state: string }) => one.state), [
      "equal",
      "equal",
      "equal",
      "changed",
    ]);
    assertEquals(rulesetNamed(server, "Tags of releases and phases").enforcement, "active");
    assertEquals((await check!()).code, 0);
  }));

Deno.test({
  name: "branch protect reaches a server of one's own with the permission for its host",
  ignore: Deno.build.os === "windows",
  fn: () =>
    inProject(async ({ root, server }) => {
      const script = await readBlock("docs/branches.md", "deno run -P=branch", [
        { from: "HOST", to: new URL(server.api).host, because: "the server of the test" },
        {
          from: "scripts/branch.ts",
          to: fileURLToPath(new URL("scripts/branch.ts", ROOT)),
          because: "it is not copied",
        },
      ]);
      await runPageScript(script, {
        cwd: root,
        env: { GITHUB_API_URL: server.api, GITHUB_TOKEN: "admin-token-123", NO_PROXY: "127.0.0.1" },
      });
      assertEquals(server.rulesets.length, FILES.length);
    }),
});

Deno.test("branch protect sends the documented headers, and the token to nobody but the API", () =>
  inProject(async ({ server, protectAs }) => {
    assertEquals((await protectAs({ GH_TOKEN: "admin-token-123" })).code, 0);
    for (const { headers, method } of server.requests) {
      assertEquals(headers.get("authorization"), "Bearer admin-token-123");
      assertEquals(headers.get("accept"), "application/vnd.github+json");
      assertEquals(headers.get("x-github-api-version"), "2022-11-28");
      assert(/^civitai-dl\/\d/.test(headers.get("user-agent")!));
      assertEquals(headers.get("content-type"), method === "GET" ? null : "application/json");
    }
    server.answer = () => Response.redirect("https://example.org/elsewhere", 301);
    const moved = await protectAs({ GITHUB_TOKEN: "admin-token-123" });
    assertEquals(moved.code, 2, moved.err);
    assertStringIncludes(moved.err, "the repository was renamed or moved");
  }));

/** What somebody may change on GitHub, and the line of the check that says so. */
const DRIFTS: Readonly<Record<string, readonly [(server: GithubServer) => void, string]>> = {
  "a ruleset is deleted": [
    ({ rulesets }) => void rulesets.splice(0, 1),
    '.github/rulesets/develop.json: "Changes of develop" is missing on GitHub',
  ],
  "a ruleset is only evaluated": [
    (server) => void (rulesetNamed(server, "Changes of main").enforcement = "evaluate"),
    "it is evaluate, and must be active",
  ],
  "a rule is gone": [
    (server) => void (rulesetNamed(server, "History of main and develop").rules = [{ type: "deletion" }]),
    "the rule non_fast_forward is missing",
  ],
  "a rule is added": [
    (server) =>
      void (rulesetNamed(server, "History of main and develop").rules as unknown[]).push({
        type: "required_signatures",
      }),
    "it has the rule required_signatures, and the file has not",
  ],
  "a branch is no longer covered": [
    (server) =>
      void (rulesetNamed(server, "History of main and develop").conditions = {
        ref_name: { include: ["refs/heads/main", "refs/heads/release/*"], exclude: ["refs/heads/main"] },
      }),
    "it does not cover refs/heads/develop\n  it also covers refs/heads/release/*\n  it leaves out refs/heads/main",
  ],
  "a check is renamed": [
    (server) =>
      parametersOf(server).required_status_checks = [
        { context: "all-check" },
        { context: "old-tests", integration_id: 15368 },
      ],
    'rule required_status_checks: the check "all-checks" is not required\n' +
    '  rule required_status_checks: the check "all-check" is required, and not in the file\n' +
    '  rule required_status_checks: the check "old-tests" of app 15368 is required, and not in the file',
  ],
  "a parameter differs": [
    (server) => parametersOf(server).strict_required_status_checks_policy = false,
    "rule required_status_checks: strict_required_status_checks_policy is false, and must be true",
  ],
  "somebody may bypass it": [
    (server) =>
      void (rulesetNamed(server, "Tags of releases and phases").bypass_actors = [
        { actor_id: 4, actor_type: "RepositoryRole", bypass_mode: "always" },
        { actor_id: 234, actor_type: "Team", bypass_mode: "pull_request" },
        { actor_id: 1, actor_type: "OrganizationAdmin", bypass_mode: "always" },
      ]),
    "the role write may bypass it (always), and is not in the file\n" +
    "  Team 234 may bypass it (pull_request), and is not in the file\n" +
    "  OrganizationAdmin may bypass it (always), and is not in the file",
  ],
  "a role may bypass it less": [
    (server) =>
      void (rulesetNamed(server, "Changes of main").bypass_actors = [
        { actor_id: 5, actor_type: "RepositoryRole", bypass_mode: "pull_request" },
      ]),
    "the role maintain may not bypass it\n" +
    '  the role admin may bypass it "pull_request", and must "always"',
  ],
  "it protects something else": [
    (server) => void (rulesetNamed(server, "Tags of releases and phases").target = "branch"),
    "it is for a branch, and must be for a tag",
  ],
  "there are two of a name": [
    ({ rulesets }) => void rulesets.push({ ...rulesets[0]!, id: 99 }),
    "there is another ruleset of that name, 99",
  ],
};

function parametersOf(server: GithubServer): Record<string, unknown> {
  const [rule] = rulesetNamed(server, "Changes of main").rules as { parameters: Record<string, unknown> }[];
  return rule!.parameters;
}

for (const [name, [change, words]] of Object.entries(DRIFTS)) {
  Deno.test(`branch protect --check ends with 1 and says so if ${name}`, () =>
    inProject(async ({ server, protect }) => {
      await protect();
      assertEquals((await protect("--check")).code, 0);
      change(server);
      const before = structuredClone(server.rulesets);
      takeRequests(server);
      const checked = await protect("--check");
      assertEquals(checked.code, 1, checked.err);
      assertStringIncludes(checked.out, words);
      assertStringIncludes(checked.out, "To send what differs: civitai-dl branch protect");
      assert(takeRequests(server).every((request) => request.startsWith("GET ")));
      assertEquals(server.rulesets, before);
    }));
}

Deno.test("branch protect --check ignores what GitHub adds, the order of lists, and rulesets of others", () =>
  inProject(async ({ server, protect }) => {
    await protect();
    const parameters = parametersOf(server);
    parameters.required_status_checks = (parameters.required_status_checks as unknown[]).toReversed();
    parameters.a_new_parameter = { of: "a later version" };
    const main = rulesetNamed(server, "Changes of main");
    main.a_new_field = true;
    main.bypass_actors = (main.bypass_actors as unknown[]).toReversed();
    server.rulesets.push({
      id: 7,
      name: "Signed \u001b[31mcommits",
      target: "branch",
      enforcement: "active",
      rules: [],
    });
    const checked = await protect("--check");
    assertEquals(checked.code, 0, checked.out);
    assertStringIncludes(checked.out, 'Only on GitHub, and left alone: "Signed commits"');
    assertEquals((await protect()).code, 0);
    assertEquals(server.rulesets.length, FILES.length + 1);
  }));

Deno.test("branch protect --check reads every page of the list", () =>
  inProject(async ({ server, protect }) => {
    const others = Array.from(
      { length: 7 },
      (_, index): KeptRuleset => ({ id: index + 1, name: `other ${index + 1}` }),
    );
    server.rulesets.push(...others);
    await protect();
    takeRequests(server);
    const checked = await protect("--check");
    assertEquals(checked.code, 0, checked.out);
    assertEquals(takeRequests(server).filter((one) => one.endsWith("rulesets")).length, 4);
  }, { pageSize: 3 }));

Deno.test("branch protect --check says that a token may not see who bypasses the rules: that is no pass", () =>
  inProject(async ({ server, protect, protectAs }) => {
    await protect();
    const reader = await protectAs({ GITHUB_TOKEN: "reader-token-123" }, "--check");
    assertEquals(reader.code, 3, reader.out);
    assertStringIncludes(reader.out, "GitHub does not show this token who may bypass it");
    const nobody = await protectAs({}, "--check");
    assertEquals(nobody.code, 3);
    rulesetNamed(server, "Changes of main").enforcement = "disabled";
    assertEquals((await protectAs({}, "--check")).code, 1);
  }, { isPublic: true }));

Deno.test("branch protect explains what GitHub and the network refuse", () =>
  inProject(async ({ server, protect, protectAs }) => {
    const admin = { GITHUB_TOKEN: "admin-token-123" };
    const reset = String(Math.floor(Date.UTC(2099, 0, 1, 13, 45, 10) / 1000));
    const cases: readonly (readonly [string, () => Promise<Called>, number, string])[] = [
      ["no token", () => protectAs({}), 5, "there is no token for GitHub"],
      ["no token to read", () => protectAs({}, "--check"), 5, "If it is private, set GITHUB_TOKEN"],
      ["a wrong token", () => protectAs({ GITHUB_TOKEN: "wrong" }), 5, "does not accept the token: Bad credentials"],
      ["a stranger", () => protectAs({ GITHUB_TOKEN: "stranger-token-123" }), 5, "shows no repository owner/name"],
      [
        "a reader",
        () => protectAs({ GITHUB_TOKEN: "reader-token-123" }),
        5,
        "forbids it: Resource not accessible by personal access token",
      ],
      ["an unsafe API", () => protectAs({ ...admin, GITHUB_API_URL: "http://github.example/api" }), 2, "https://"],
      ["github.com's API", () => protectAs({ ...admin, GITHUB_API_URL: "https://api.github.com" }), 2, "not GitHub"],
      ["offline", () => protect("--check", "--offline"), 2, "GitHub has to be asked"],
      ["an unknown remote", () => protect("--remote", "upstream"), 2, "no such remote, it has origin"],
      ["a word too many", () => callCommand(command, ["protect", "main"]), 2, 'Cannot understand "main"'],
      ["another action", () => callCommand(command, ["status", "--check"]), 2, "it belongs to protect"],
    ];
    for (const [name, call, code, words] of cases) {
      const called = await call();
      assertEquals([name, called.code], [name, code], called.err);
      assertStringIncludes(called.err, words);
    }
    const answers: readonly (readonly [() => Response, number, string])[] = [
      [
        () =>
          new Response("{}", { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset } }),
        6,
        "hint: Run it again after 13:45:10 UTC",
      ],
      [() => new Response("{}", { status: 429, headers: { "retry-after": "61" } }), 6, "Run it again in 61s"],
      [() => problem(403, "Upgrade to GitHub Pro"), 5, "forbids it: Upgrade to GitHub Pro"],
      [() => problem(500, "Server Error"), 6, "answered 500: Server Error"],
      [() => new Response("<html>Log in to the hotel</html>"), 6, "not one of GitHub's API"],
      [() => Response.json({ rulesets: [] }), 6, "not one of GitHub's API"],
    ];
    for (const [answer, code, words] of answers) {
      server.answer = answer;
      const called = await protect("--check");
      assertEquals([words, called.code], [words, code], called.err);
      assertStringIncludes(called.err, words);
    }
    assertEquals(server.rulesets, []);
  }));

Deno.test("branch protect ends with 6 if the API is gone", () =>
  inSharedRepository(async ({ root, write, git }) => {
    await git("remote", "set-url", "origin", "git@github.example:owner/name.git");
    await write(".github/rulesets/tags.json", await Deno.readTextFile(new URL(".github/rulesets/tags.json", ROOT)));
    const listener = Deno.listen({ port: 0, hostname: "127.0.0.1" });
    const { port } = listener.addr;
    listener.close();
    const env = { GITHUB_API_URL: `http://127.0.0.1:${port}`, GITHUB_TOKEN: "admin-token-123" };
    const called = await callCommand(command, ["protect", "--check", "--repo", root], env);
    assertEquals(called.code, 6, called.err);
    assertStringIncludes(called.err, `127.0.0.1:${port} cannot be reached`);
  }));

Deno.test("branch protect stops at what GitHub does not accept, says what was sent, and can be repeated", () =>
  inProject(async ({ server, protect, write }) => {
    const tags = JSON.parse(await Deno.readTextFile(new URL(".github/rulesets/tags.json", ROOT)));
    const own = { ...tags, name: "Own rules", rules: [{ type: "no_such_rule" }] };
    await write(".github/rulesets/own.json", JSON.stringify(own));
    const refused = await protect();
    assertEquals(refused.code, 2, refused.err);
    assertStringIncludes(
      refused.err,
      `does not accept it: Validation Failed: Invalid rule 'no_such_rule':; sent before that: "Changes of develop", ` +
        `"History of main and develop", "Changes of main"`,
    );
    await write(".github/rulesets/own.json", JSON.stringify({ ...own, rules: [{ type: "required_signatures" }] }));
    const again = await protect();
    assertEquals(again.code, 0, again.err);
    assertEquals(server.rulesets.length, FILES.length + 1);
    server.answer = ({ method, body }) =>
      method === "PUT" ? Response.json({ id: 42, ...body as object, bypass_actors: [], rules: [] }) : null;
    rulesetNamed(server, "Changes of main").enforcement = "disabled";
    const kept = await protect();
    assertEquals(kept.code, 1, kept.out);
    assertStringIncludes(
      kept.err,
      'GitHub keeps "Changes of main" differently: the rule required_status_checks is missing',
    );
  }));

Deno.test("branch protect --dry-run changes nothing, and its requests lead where a real run does", () =>
  inProject(async ({ server, protect, root }) => {
    const offline = await protect("--dry-run", "--offline");
    assertEquals([offline.code, takeRequests(server)], [0, []]);
    const dry = await protect("--dry-run");
    assertEquals([dry.code, dry.out], [0, offline.out.replace(/^# GitHub was not asked.*\n/m, "")]);
    assert(offline.out !== dry.out);
    assert(takeRequests(server).every((request) => request.startsWith("GET ")));
    const run = async (script: string) => {
      const options = { args: ["-c", script], cwd: root, env: { GITHUB_TOKEN: "admin-token-123" } };
      const { code, stderr } = await new Deno.Command("sh", options).output();
      assertEquals([code, new TextDecoder().decode(stderr)], [0, ""]);
    };
    await run(dry.out);
    assertEquals((await protect("--check")).code, 0);
    rulesetNamed(server, "Changes of main").enforcement = "disabled";
    const second = await protect("--dry-run");
    assertEquals(second.out.match(/^send .*/gm), ["send PUT /44 .github/rulesets/main.json"]);
    await run(second.out);
    assertEquals((await protect("--check")).code, 0);
    assertEquals((await protect("--dry-run")).out, "# owner/name\n# GitHub has all of it already\n");
  }));

Deno.test("branch protect refuses rulesets that are not those of the strategy, and --write writes them anew", () =>
  inProject(async ({ server, protect, root, write }) => {
    const strategy = await Deno.readTextFile(join(root, "config/branches.yml"));
    await write("config/branches.yml", strategy.replace("mainBy: push", "mainBy: pull-request"));
    const stale = await protect("--check");
    assertEquals(stale.code, 2, stale.out);
    assertStringIncludes(
      stale.err,
      "Cannot use .github/rulesets/main.json: it is not what config/branches.yml says: the rule pull_request is missing",
    );
    const written = await protect("--write");
    assertEquals(written.code, 0, written.err);
    assertStringIncludes(written.out, '.github/rulesets/main.json: "Changes of main" was written');
    assertStringIncludes(written.out, '.github/rulesets/tags.json: "Tags of releases and phases" is up to date');
    assertEquals(takeRequests(server), []);
    assertEquals((await protect()).code, 0);
    assertEquals((await protect("--check")).code, 0);
    await write(".github/rulesets/main.json", '{\n  "name": "x",\n  "target": "tree"\n}\n');
    const broken = await protect("--check");
    assertEquals(broken.code, 2);
    assertStringIncludes(broken.err, '.github/rulesets/main.json:3:13: "target" is "tree", and must be one of');
    await Deno.remove(join(root, ".github/rulesets"), { recursive: true });
    const none = await protect();
    assertEquals(none.code, 2);
    assertStringIncludes(none.err, "hint: Derive them from config/branches.yml: civitai-dl branch protect --write");
  }));
