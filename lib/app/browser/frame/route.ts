/** The views of the page. `model` is the page of one model, within the library. */
export const VIEWS = ["library", "model", "add", "queue", "updates", "health"] as const;

/** A view of the page. */
export type ViewName = (typeof VIEWS)[number];

/** What the hash of the address asks for. */
export interface PageRoute {
  readonly view: ViewName;
  /** Id of the model; `null` in all other views. */
  readonly id: number | null;
  readonly query: URLSearchParams;
}

/** Read the hash of an address, such as `#/library/123` or `#/add?url=…`; anything unknown is the library. */
export function parseRoute(hash: string): PageRoute {
  const [path = "", ...rest] = hash.replace(/^#\/?/, "").split("?");
  const [name = "", id = ""] = path.split("/");
  const query = new URLSearchParams(rest.join("?"));
  if (name === "library" && /^\d{1,15}$/.test(id)) return { view: "model", id: Number(id), query };
  const view = VIEWS.find((known) => known === name && known !== "model") ?? "library";
  return { view, id: null, query };
}

/** The hash of a view. */
export function hashOf(
  view: ViewName,
  options: { readonly id?: number; readonly query?: URLSearchParams } = {},
): string {
  const { id, query } = options;
  const path = view === "model" ? `library/${id}` : view;
  const text = query?.toString() ?? "";
  return `#/${path}${text === "" ? "" : `?${text}`}`;
}
