import type { ComponentChildren, VNode } from "preact";
import { ApiError } from "./api.ts";
import { useApp } from "../context.ts";
import { Icon, type IconName } from "./icon.tsx";

/** The heading of a view, with what belongs beside it. */
export function ViewHeading(
  { text, children }: { readonly text: string; readonly children?: ComponentChildren },
): VNode {
  return (
    <div class="view-head">
      <h1>{text}</h1>
      {children}
    </div>
  );
}

/** What {@linkcode Card} shows. */
export interface CardProps {
  /** Its id; the title gets `ID-title`. */
  readonly id: string;
  readonly title: string;
  /** A number or so behind the title. */
  readonly count?: string;
  /** Shown in place of the content, in one line with the title. */
  readonly none?: string | null;
  readonly class?: string;
  readonly children?: ComponentChildren;
}

/** A section with a title; an empty one shrinks to a line. */
export function Card({ id, title, count = "", none = null, class: more = "", children }: CardProps): VNode {
  return (
    <section id={id} class={`card ${more} ${none === null ? "" : "empty"}`} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>
        {title}
        {count === "" ? null : (
          <>
            {" "}
            <span id={`${id}-count`} class="count">{count}</span>
          </>
        )}
      </h2>
      {none === null ? children : <p class="none">{none}</p>}
    </section>
  );
}

/** A short word with a color. */
export function Badge(
  { tone = "plain", children }: { readonly tone?: string; readonly children: ComponentChildren },
): VNode {
  return <span class="badge" data-tone={tone}>{children}</span>;
}

/** A bar of a progress; `share` is `null` while it is not known, which is announced as such. */
export function Progress({ label, share }: { readonly label: string; readonly share: number | null }): VNode {
  const percent = share === null ? null : Math.min(100, Math.max(0, Math.floor(share * 100)));
  return (
    <div
      class="track"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      {...percent === null ? {} : { "aria-valuenow": percent }}
    >
      <div class="bar-fill" style={{ width: `${percent ?? 0}%` }} />
    </div>
  );
}

/** What to do about something; nothing if there is nothing to do. */
export function Remedy(
  { text, lang = null, id }: { readonly text: string; readonly lang?: string | null; readonly id?: string },
) {
  const { words } = useApp();
  if (text === "") return null;
  return (
    <p id={id} class="remedy">
      <b>{words.value.frame.remedy}</b> <span lang={lang ?? undefined}>{text}</span>
    </p>
  );
}

/** What went wrong with a request, with what to do; nothing if nothing did. */
export function ProblemNote({ error }: { readonly error: unknown }) {
  const { words, language } = useApp();
  if (error === null || error === undefined) return null;
  const { frame } = words.value;
  const { code, hint, message } = error instanceof ApiError
    ? error
    : { code: "failed", hint: null, message: error instanceof Error ? error.message : String(error) };
  const isUnreachable = code === "unreachable";
  // The server's own text is English; `lang` lets a screen reader pronounce it as English.
  const lang = language.value === "en" ? undefined : "en";
  const said = lang === undefined ? <span>: {message}</span> : <p class="small" lang={lang}>{message}</p>;
  return (
    <div class="notice" role="alert">
      <b>{frame.problems[code] ?? frame.problems["failed"]}</b>
      {!isUnreachable && said}
      {isUnreachable ? <p>{frame.unreachableHint}</p> : null}
      {hint === null ? null : <p lang={lang}>{hint}</p>}
    </div>
  );
}

/** What {@linkcode Button} shows. */
export interface ButtonProps {
  readonly text: string;
  readonly onClick?: () => void;
  readonly icon?: IconName;
  /** What a screen reader says in place of the text. */
  readonly name?: string;
  /** `icon` shows no text; `quiet` has no ground until it is pointed at. */
  readonly look?: "plain" | "quiet" | "icon";
  readonly tone?: "plain" | "main" | "bad";
  readonly isDisabled?: boolean;
  readonly type?: "button" | "submit";
}

/** A button with a text, an icon, or both. */
export function Button(props: ButtonProps): VNode {
  const { text, onClick, icon, name, look = "plain", tone = "plain", isDisabled = false, type = "button" } = props;
  return (
    <button
      type={type}
      class={`button ${look}`}
      data-tone={tone}
      disabled={isDisabled}
      aria-label={name ?? (look === "icon" ? text : undefined)}
      title={look === "icon" ? text : undefined}
      onClick={onClick}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {look === "icon" ? null : <span>{text}</span>}
    </button>
  );
}

/** A folded list, which says how many entries it has; nothing if it has none. */
export function Fold(
  { id, text, children }: { readonly id?: string; readonly text: string; readonly children: ComponentChildren },
): VNode {
  return (
    <details id={id} class="fold">
      <summary>{text}</summary>
      {children}
    </details>
  );
}
