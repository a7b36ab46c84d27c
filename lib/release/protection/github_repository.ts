import { isLoopback, KitError, shell } from "../../base/mod.ts";

/** A repository on GitHub, and where its API is. */
export interface GithubRepository {
  /** Person or organization that owns it. */
  readonly owner: string;
  /** Its name. */
  readonly name: string;
  /** Address of the API without a slash at the end, such as `https://api.github.com`. */
  readonly api: string;
}

/** Options of {@linkcode parseGithubRepository}. */
export interface GithubRepositoryOptions {
  /** Name of the remote, for messages. */
  readonly remote: string;
  /**
   * Address of the API, as GITHUB_API_URL has it.
   *
   * @default {the API that belongs to the remote's host, if that is github.com or ghe.com}
   */
  readonly api?: string | undefined;
}

const GITHUB_API = "https://api.github.com";
/** Hosts of github.com: by HTTPS and SSH, and SSH over the port of HTTPS. */
const GITHUB_HOSTS: readonly string[] = ["github.com", "www.github.com", "ssh.github.com"];

/**
 * Find the repository on GitHub that a remote's address names.
 *
 * The API of a server of one's own is never guessed from the address of the remote: it gets the token, and anybody can
 * name a host `github.example.com`.
 *
 * @param address Address of the remote: `https://…`, `ssh://…`, or `git@github.com:owner/name.git`
 * @param options Name of the remote, and the API
 * @returns The repository
 * @throws {KitError} `usage` if the remote is not on GitHub, or if the API cannot be used
 */
export function parseGithubRepository(address: string, options: GithubRepositoryOptions): GithubRepository {
  const { remote, api } = options;
  const place = parseAddress(address);
  if (place === null) {
    throw new KitError("usage", `Cannot protect branches: the remote "${remote}" is not on GitHub, but a folder`, {
      hint: "Name a remote that is on GitHub: --remote NAME",
    });
  }
  const { host, path } = place;
  const base = api === undefined ? apiOf(host) : parseApi(api);
  const isElsewhere = base === GITHUB_API && !GITHUB_HOSTS.includes(host);
  if (base === null || isElsewhere) {
    throw new KitError("usage", `Cannot protect branches: the remote "${remote}" is on ${host}, which is not GitHub`, {
      hint: "Name another remote with --remote; for a GitHub Enterprise Server, set GITHUB_API_URL to its " +
        "https://HOST/api/v3",
    });
  }
  const [owner, name, ...rest] = path.replace(/^\/+|\/+$/g, "").replace(/\.git$/, "").split("/");
  if (!owner || !name || rest.length > 0 || !/^[\w-]+$/.test(owner) || !/^(?!\.{1,2}$)[\w.-]+$/.test(name)) {
    throw new KitError("usage", `Cannot protect branches: the address of the remote "${remote}" names no repository`, {
      hint: shell`It ends in OWNER/NAME: git remote set-url ${remote} https://${host}/OWNER/NAME.git`,
    });
  }
  return { owner, name, api: base };
}

/** Host and path of an address; `null` if it is a folder. */
function parseAddress(address: string): { readonly host: string; readonly path: string } | null {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(address)) {
    const url = URL.parse(address);
    return url === null || url.hostname === "" ? null : { host: url.hostname.toLowerCase(), path: url.pathname };
  }
  // As in git: a colon before the first slash makes it host:path. A single letter is a drive of Windows.
  const [, host, path] = /^(?:[^/@:]+@)?([^/:]{2,}):(?!\/\/)(.+)$/.exec(address) ?? [];
  return host === undefined || path === undefined ? null : { host: host.toLowerCase(), path };
}

/** The API of GitHub's own hosts: github.com, and SUBDOMAIN.ghe.com of GitHub Enterprise Cloud. */
function apiOf(host: string): string | null {
  if (GITHUB_HOSTS.includes(host)) return GITHUB_API;
  return /^[a-z0-9-]+\.ghe\.com$/.test(host) ? `https://api.${host}` : null;
}

function parseApi(text: string): string {
  const url = URL.parse(text);
  const isSafe = url !== null && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname)));
  if (isSafe && url.username === "" && url.search === "" && url.hash === "") return url.href.replace(/\/+$/, "");
  throw new KitError("usage", "Cannot use GITHUB_API_URL: it is not an address that begins with https://", {
    hint: `Leave it out for github.com, or write https://HOST/api/v3`,
  });
}
