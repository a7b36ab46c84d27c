import { shell } from "../../base/mod.ts";
import { isUsername } from "./_is_username.ts";

/** A page of the site that shows something other than what a target names. */
export interface OtherPage {
  readonly type: "other-page";
  /** Why it is no target, to follow the address and a colon. */
  readonly state: string;
  /** What to write instead. */
  readonly hint: string;
}

const SITE = "https://civitai.com";
/** Pages below `/user/` that belong to the visitor's own account. */
const OWN_PAGES = ["account", "buzz-dashboard", "downloads", "membership", "notifications", "transactions", "vault"];

/** Whether a page below `/user/` is the visitor's own; it names no creator. */
export function isOwnPage(segment: string): boolean {
  return OWN_PAGES.includes(segment);
}

/** Describe a page of the visitor's own account. */
export function ownPage(name: string): OtherPage {
  return { type: "other-page", state: `"${name}" is a page of your own account`, hint: "Name a creator: user:NAME" };
}

/** Describe a page of a creator that shows neither the models nor the images, such as the favorites. */
export function creatorPage(username: string, page: string): OtherPage {
  const start = `${SITE}/user/${username}`;
  return {
    type: "other-page",
    state: `it shows "${page}" of ${username}, which cannot be downloaded`,
    hint: `Use ${start} for all models and images of ${username}, ${start}/models or ${start}/images for one of these`,
  };
}

/** Describe a collection, which the API does not list. */
export function collectionPage(): OtherPage {
  return {
    type: "other-page",
    state: "it is a collection, which cannot be downloaded",
    hint:
      `Write the addresses of its models to a file, one per line, and use --from FILE; ${SITE}/user/NAME is for all ` +
      "of a creator",
  };
}

/** Describe a page below that of a model, a version, an image or a post, such as `/models/1/edit`. */
export function pageBelow(path: string, rest: readonly string[]): OtherPage {
  return {
    type: "other-page",
    state: `"${rest.join("/")}" is a page about it that cannot be downloaded`,
    hint: `Use ${SITE}/${path}`,
  };
}

/** Parameters of the site's lists of models, and the flags that ask the API the same. */
const LIST_FLAGS = [["query", "--query"], ["tag", "--tag"], ["username", "--user"]] as const;

/** Describe a list of models of the site, such as `/models?tag=anime`: the API is asked by flags. */
export function listPage(parameters: URLSearchParams): OtherPage {
  const words = LIST_FLAGS.flatMap(([name, flag]) => {
    const value = parameters.get(name)?.trim() ?? "";
    return value === "" || (name === "username" && !isUsername(value)) ? [] : [shell`${flag} ${value}`];
  });
  const flags = words.length === 0 ? "--sort Newest --limit 20" : words.join(" ");
  return {
    type: "other-page",
    state: "it is a list of models with filters of the site",
    hint: `Use flags instead, such as ${flags}; --type, --base-model, --sort and --limit narrow it down`,
  };
}
