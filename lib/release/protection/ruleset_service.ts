import { cleanText, type Clock, KitError, systemClock, VERSION } from "../../base/mod.ts";
import type { GithubRepository } from "./github_repository.ts";
import { parseRulesetList, parseStoredRuleset } from "./parse_ruleset.ts";
import type { ListedRuleset, Ruleset, StoredRuleset } from "./ruleset.ts";

/** Version of GitHub's API whose answers this program reads. */
export const API_VERSION = "2022-11-28";
/** Longest wait for an answer, in milliseconds. */
const TIMEOUT_MS = 30_000;
/** Most that GitHub puts on a page of a list. */
const PAGE_SIZE = 100;
/** GitHub allows 75 rulesets; a server that never ends its list must not keep us. */
const MAX_PAGES = 20;

/** Options of {@linkcode RulesetService}. */
export interface RulesetServiceOptions {
  /** Token of the user; without one, only public repositories can be read. */
  readonly token: string | undefined;
  /** Stops requests. */
  readonly signal: AbortSignal;
  /**
   * Sends requests.
   *
   * @default {globalThis.fetch}
   */
  readonly fetch?: typeof fetch | undefined;
  /**
   * Time source, for the end of a rate limit.
   *
   * @default {systemClock}
   */
  readonly clock?: Clock | undefined;
}

/** What a request is for, in words that follow "Cannot". */
interface Asked {
  readonly method: "GET" | "POST" | "PUT";
  /** Path below the rulesets of the repository, such as `/42`. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly what: string;
}

/** The rulesets of a repository, in GitHub's REST API. */
export class RulesetService {
  readonly #repository: GithubRepository;
  readonly #options: RulesetServiceOptions;

  /** Nothing is requested yet. */
  constructor(repository: GithubRepository, options: RulesetServiceOptions) {
    this.#repository = repository;
    this.#options = options;
  }

  /**
   * List the rulesets of the repository itself, without those of its organization.
   *
   * @returns Number and name of each
   * @throws {KitError} `auth`, `network` or `usage`; the message says what GitHub answered
   */
  async list(): Promise<readonly ListedRuleset[]> {
    const all: ListedRuleset[] = [];
    for (let page = 1; page <= MAX_PAGES; page++) {
      const query = { "includes_parents": "false", "per_page": String(PAGE_SIZE), "page": String(page) };
      const { json, headers } = await this.#request({ method: "GET", path: "", query, what: "read the rulesets" });
      const listed = parseRulesetList(json);
      if (listed === null) throw this.#strange("read the rulesets");
      all.push(...listed);
      if (!/\brel="?next"?/.test(headers.get("link") ?? "")) return all;
    }
    throw this.#strange("read the rulesets");
  }

  /** Read a ruleset with its rules. Errors are those of {@linkcode list}. */
  read({ id, name }: ListedRuleset): Promise<StoredRuleset> {
    return this.#exchange({ method: "GET", path: `/${id}`, what: `read the ruleset "${cleanText(name)}"` });
  }

  /** Create a ruleset. Errors are those of {@linkcode list}; returns what GitHub keeps. */
  create(ruleset: Ruleset): Promise<StoredRuleset> {
    const what = `create the ruleset "${ruleset.name}"`;
    return this.#exchange({ method: "POST", path: "", body: ruleset, what });
  }

  /** Replace a ruleset. Errors are those of {@linkcode list}; returns what GitHub keeps. */
  update(id: number, ruleset: Ruleset): Promise<StoredRuleset> {
    const what = `change the ruleset "${ruleset.name}"`;
    return this.#exchange({ method: "PUT", path: `/${id}`, body: ruleset, what });
  }

  async #exchange(asked: Asked): Promise<StoredRuleset> {
    const { json } = await this.#request(asked);
    const stored = parseStoredRuleset(json);
    if (stored === null) throw this.#strange(asked.what);
    return stored;
  }

  async #request(asked: Asked): Promise<{ readonly json: unknown; readonly headers: Headers }> {
    const { method, path, query = {}, body, what } = asked;
    const { owner, name, api } = this.#repository;
    const url = new URL(`${api}/repos/${owner}/${name}/rulesets${path}`);
    for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
    const { token, fetch: send = fetch } = this.#options;
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(TIMEOUT_MS)]);
    try {
      const response = await send(url, {
        method,
        signal,
        // A redirect could take the token elsewhere; GitHub redirects a repository that was renamed.
        redirect: "manual",
        headers: {
          "accept": "application/vnd.github+json",
          "x-github-api-version": API_VERSION,
          "user-agent": `civitai-dl/${VERSION}`,
          ...token === undefined ? {} : { authorization: `Bearer ${token}` },
          ...body === undefined ? {} : { "content-type": "application/json" },
        },
        ...body === undefined ? {} : { body: JSON.stringify(body) },
      });
      const text = await response.text();
      if (!response.ok) throw this.#refusal(response, parseJson(text), asked);
      const json = parseJson(text);
      if (json === undefined) throw this.#strange(what);
      return { json, headers: response.headers };
    } catch (error) {
      if (error instanceof KitError) throw error;
      this.#options.signal.throwIfAborted();
      throw this.#unreachable(error, { what, isTimeout: signal.aborted });
    }
  }

  #unreachable(error: unknown, { what, isTimeout }: { readonly what: string; readonly isTimeout: boolean }): KitError {
    const { host, hostname } = new URL(this.#repository.api);
    // The platform's own errors quote the request, so they are not kept as the cause.
    if (error instanceof Deno.errors.NotCapable) {
      return new KitError("auth", `Cannot ${what}: this process may not connect to ${host}`, {
        hint: `The task may connect to github.com and ghe.com only; for ${host}, add --allow-net=${hostname}`,
      });
    }
    const state = isTimeout ? `${host} did not answer within 30s` : `${host} cannot be reached`;
    return new KitError("network", `Cannot ${what}: ${state}`, {
      hint: "Check the network, the proxy and GITHUB_API_URL, and run it again",
    });
  }

  #strange(what: string): KitError {
    return new KitError(
      "network",
      `Cannot ${what}: ${new URL(this.#repository.api).host} gave an answer that is not ` +
        "one of GitHub's API",
      { hint: "Check GITHUB_API_URL, and whether a proxy answers instead" },
    );
  }

  #refusal(response: Response, json: unknown, { what, method }: Asked): KitError {
    const { status, headers } = response;
    const { owner, name, api } = this.#repository;
    const { host } = new URL(api);
    const said = describeAnswer(json);
    const refuse = (code: "auth" | "network" | "usage", state: string, hint: string) =>
      new KitError(code, `Cannot ${what}: ${state}`, { hint });
    const wait = this.#readWait(response);
    if (wait !== null) return refuse("network", `the rate limit of ${host} is reached`, `Run it again ${wait}`);
    if (status === 401) {
      return refuse("auth", `${host} does not accept the token${said}`, "Set GITHUB_TOKEN to a token that is valid");
    }
    if (status === 403 || (status === 404 && method !== "GET")) {
      return refuse(
        "auth",
        `${host} forbids it${said}`,
        `The token needs the permission "Administration" of ${owner}/${name}: write`,
      );
    }
    if (status === 404) {
      return refuse(
        "auth",
        `${host} shows no repository ${owner}/${name}${said}`,
        this.#options.token === undefined
          ? "If it is private, set GITHUB_TOKEN; otherwise check the address of the remote"
          : "Check the address of the remote, and whether the token may see the repository",
      );
    }
    if (status === 400 || status === 409 || status === 422) {
      return refuse(
        "usage",
        `${host} does not accept it${said}`,
        "Change .github/rulesets, or config/branches.yml and then run civitai-dl branch protect --write",
      );
    }
    if (status >= 300 && status < 400) {
      const target = headers.get("location") === null ? "elsewhere" : "to another address";
      return refuse(
        "usage",
        `${host} leads ${target}; the repository was renamed or moved`,
        "Write its new address into the remote: git remote set-url",
      );
    }
    return refuse("network", `${host} answered ${status}${said}`, "Run it again later");
  }

  /** When a rate limit ends, in words; `null` if none is reached. */
  #readWait({ status, headers }: Response): string | null {
    if (status !== 403 && status !== 429) return null;
    const seconds = Number(headers.get("retry-after") ?? Number.NaN);
    if (Number.isFinite(seconds)) return `in ${Math.ceil(seconds)}s`;
    if (headers.get("x-ratelimit-remaining") !== "0") return status === 429 ? "in a minute" : null;
    const { clock = systemClock } = this.#options;
    const resetMs = Number(headers.get("x-ratelimit-reset")) * 1000;
    if (!Number.isFinite(resetMs) || resetMs <= clock.now()) return "in a minute";
    return `after ${new Date(resetMs).toISOString().slice(11, 19)} UTC`;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The words of an error answer, with a colon before them; empty if it has none. */
function describeAnswer(json: unknown): string {
  if (typeof json !== "object" || json === null) return "";
  const { message, errors } = json as { readonly message?: unknown; readonly errors?: unknown };
  const details = (Array.isArray(errors) ? errors : []).flatMap((one) => {
    if (typeof one === "string") return [one];
    const { message: why, field, code } = (one ?? {}) as Record<string, unknown>;
    const words = [why ?? [field, code].filter((word) => typeof word === "string").join(" ")];
    return words.filter((word) => typeof word === "string" && word !== "");
  });
  const words = [...typeof message === "string" ? [message] : [], ...details.slice(0, 5)].map((word) =>
    cleanText(String(word))
  );
  const text = words.join(": ").slice(0, 500);
  return text === "" ? "" : `: ${text}`;
}
