// deno-lint-ignore-file camelcase -- the fields of GitHub's API
/** What a token of the server may do. */
export type GithubAccess = "administer" | "read" | "none";

/** A request that the server got. */
export interface GithubRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A ruleset as the server keeps it: the fields of the request, and its number. */
export type KeptRuleset = Record<string, unknown> & { readonly id: number; readonly name: string };

/** A server with the rulesets of one repository. */
export interface GithubServer {
  /** Address for GITHUB_API_URL. */
  readonly api: string;
  /** The rulesets, to be changed by tests as if somebody had used the page of settings. */
  readonly rulesets: KeptRuleset[];
  /** Everything that was requested. */
  readonly requests: GithubRequest[];
  /** Answers the next requests instead of the server, until it returns `null`. */
  answer: ((request: GithubRequest) => Response | null) | null;
}

/** Options of {@linkcode withGithubServer}. */
export interface GithubServerOptions {
  /** What each token may do. */
  readonly tokens: Readonly<Record<string, GithubAccess>>;
  /** Whether the repository can be read without a token. */
  readonly isPublic?: boolean;
  /** Most entries of a page, whatever the request asks for. */
  readonly pageSize?: number;
}

const RULE_TYPES: readonly string[] = [
  "creation",
  "update",
  "deletion",
  "required_linear_history",
  "required_signatures",
  "pull_request",
  "required_status_checks",
  "non_fast_forward",
];

/** Parameters that GitHub adds to a rule which does not name them. */
const ADDED: Readonly<Record<string, Record<string, unknown>>> = {
  "pull_request": { "required_reviewers": [], "automatic_copilot_code_review_enabled": false },
  "required_status_checks": { "do_not_enforce_on_create": false },
};

/**
 * Serve the rulesets of the repository `owner/name` in the form of GitHub's REST API (version 2022-11-28): lists without
 * rules, fields that a request does not have, who may see `bypass_actors`, and the bodies of errors. The fields were
 * compared with GitHub's OpenAPI description.
 */
export async function withGithubServer(
  options: GithubServerOptions,
  use: (server: GithubServer) => Promise<void>,
): Promise<void> {
  const { tokens, isPublic = false, pageSize = 100 } = options;
  const rulesets: KeptRuleset[] = [];
  const requests: GithubRequest[] = [];
  const created = new Map<number, string>();
  let nextId = 42;
  let api = "";
  const show = (kept: KeptRuleset, access: GithubAccess, isWhole: boolean) => {
    const { id, name, target, enforcement, bypass_actors: actors, conditions, rules } = kept;
    const rest = {
      id,
      name,
      target,
      source_type: "Repository",
      source: "owner/name",
      enforcement,
      node_id: `RRS_lACkVXNlcgQ${id}`,
      _links: {
        self: { href: `${api}/repos/owner/name/rulesets/${id}` },
        html: { href: `https://github.com/owner/name/rules/${id}` },
      },
      created_at: created.get(id) ?? "2026-11-27T08:43:03.000Z",
      updated_at: "2026-11-27T16:29:47.000Z",
    };
    if (!isWhole) return rest;
    const visible = access === "administer" ? { bypass_actors: actors } : {};
    return { ...rest, ...visible, conditions, rules, current_user_can_bypass: "never" };
  };
  const handle = (request: GithubRequest): Response => {
    const token = request.headers.get("authorization")?.replace(/^Bearer /, "");
    const access = token === undefined ? (isPublic ? "read" : "none") : tokens[token];
    if (access === undefined) return problem(401, "Bad credentials");
    const url = new URL(request.path, "http://x");
    const [, id] = /^\/repos\/owner\/name\/rulesets(?:\/(\d+))?$/.exec(url.pathname) ?? [null, null];
    if (id === null || access === "none") return problem(404, "Not Found");
    const kept = rulesets.find((one) => String(one.id) === id);
    if (id !== undefined && kept === undefined) return problem(404, "Not Found");
    if (request.method === "GET") {
      if (kept !== undefined) return Response.json(show(kept, access, true));
      const size = Math.min(pageSize, Number(url.searchParams.get("per_page") ?? 30));
      const page = Number(url.searchParams.get("page") ?? 1);
      const shown = rulesets.slice((page - 1) * size, page * size).map((one) => show(one, access, false));
      const isLast = page * size >= rulesets.length;
      const links = isLast ? {} : { link: `<${api}/repositories/1/rulesets?page=${page + 1}>; rel="next"` };
      return Response.json(shown, { headers: links });
    }
    if (access !== "administer") return problem(403, "Resource not accessible by personal access token");
    const body = request.body as Record<string, unknown>;
    const wrong = validate(body, rulesets.filter((one) => one !== kept).map(({ name }) => name));
    if (wrong !== null) return problem(422, "Validation Failed", [wrong]);
    const changed = { ...kept ?? { id: nextId++ }, ...body, rules: completeRules(body.rules) } as KeptRuleset;
    if (kept === undefined) rulesets.push(changed);
    else rulesets.splice(rulesets.indexOf(kept), 1, changed);
    return Response.json(show(changed, access, true), { status: kept === undefined ? 201 : 200 });
  };
  const server: GithubServer = { api: "", rulesets, requests, answer: null };
  const http = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (raw) => {
    const url = new URL(raw.url);
    const text = await raw.text();
    const body = text === "" ? null : JSON.parse(text);
    const request = { method: raw.method, path: `${url.pathname}${url.search}`, headers: raw.headers, body };
    requests.push(request);
    return server.answer?.(request) ?? handle(request);
  });
  api = `http://127.0.0.1:${http.addr.port}`;
  Object.assign(server, { api });
  try {
    await use(server);
  } finally {
    await http.shutdown();
  }
}

/** An error in the form of GitHub's API. */
export function problem(status: number, message: string, errors?: readonly unknown[]): Response {
  const documentation = "https://docs.github.com/rest/repos/rules";
  const body = {
    message,
    ...errors === undefined ? {} : { errors },
    documentation_url: documentation,
    status: `${status}`,
  };
  return Response.json(body, { status });
}

function validate(body: Record<string, unknown>, taken: readonly string[]): unknown {
  if (taken.includes(String(body.name))) return "Name must be unique";
  const rules = (body.rules ?? []) as readonly { readonly type: string }[];
  const unknown = rules.find(({ type }) => !RULE_TYPES.includes(type));
  return unknown === undefined ? null : `Invalid rule '${unknown.type}': `;
}

function completeRules(rules: unknown): unknown {
  return (rules as readonly { readonly type: string; readonly parameters?: object }[]).map((rule) =>
    rule.parameters === undefined ? rule : { type: rule.type, parameters: { ...ADDED[rule.type], ...rule.parameters } }
  );
}
