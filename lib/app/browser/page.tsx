import type { ComponentChildren, VNode } from "preact";
import { useEffect } from "preact/hooks";
import { findingsOf, type StatusDocument } from "../../status/mod.ts";
import { AddView } from "./add/add_view.tsx";
import { saveChoice } from "./frame/choices.ts";
import { type PageLanguage, type PageTheme, useApp } from "./context.ts";
import { useHeading } from "./frame/follow_heading.ts";
import { Icon } from "./frame/icon.tsx";
import { Badge } from "./frame/parts.tsx";
import { hashOf, type ViewName } from "./frame/route.ts";
import { HealthView } from "./health/health_view.tsx";
import { LibraryView } from "./library/library_view.tsx";
import { ModelView } from "./model/model_view.tsx";
import { QueueView } from "./queue/queue_view.tsx";
import { UpdatesView } from "./updates/updates_view.tsx";

/** Marks of the tones for the title, which has no color. */
const MARKS = { bad: "✕ ", warn: "! ", busy: "", good: "", idle: "" };
const LINKS: readonly ViewName[] = ["library", "add", "queue", "updates", "health"];
const LANGUAGES: readonly (readonly [PageLanguage, string])[] = [["en", "EN"], ["ja", "日本語"]];
const THEMES: readonly PageTheme[] = ["auto", "light", "dark"];

/** The whole page: the frame, and the view that the address names. */
export function Page(): VNode {
  const { words, news, link, about, status, route } = useApp();
  const isSandbox = (about.value?.sandboxCreators ?? null) !== null;
  const machine = status.value?.source.machine ?? about.value?.machine ?? "";
  const { frame } = words.value;
  useHeading();
  return (
    <>
      <a class="skip" href="#main" onClick={skipToMain}>{frame.skip}</a>
      <Title />
      <header class="bar">
        <p class="brand">
          <img src="/page/icon.svg" alt="" width="22" height="22" /> <span class="brand-name">civitai-dl</span>{" "}
          <span id="machine">{machine}</span>
          {isSandbox && <Badge tone="warn">{frame.sandbox}</Badge>}
        </p>
        <Navigation />
        <LinkState />
        <Choices />
      </header>
      <p id="news" class="unseen" role="status" aria-live="polite">{news.value}</p>
      <main id="main" tabIndex={-1} class={link.value.state === "lost" ? "stale" : ""}>
        <Notice />
        <View />
      </main>
      {route.value.view === "health" && <Foot />}
    </>
  );
}

/** The hash is the address of the view, so the focus is moved by hand. */
function skipToMain(event: Event): void {
  event.preventDefault();
  document.getElementById("main")?.focus();
}

function View(): VNode {
  const { route } = useApp();
  const { view, id } = route.value;
  switch (view) {
    case "library":
      return <Library />;
    case "model":
      return <Model id={id ?? 0} />;
    case "health":
      return <HealthView />;
    case "add":
      return <AddView />;
    case "queue":
      return <QueueView />;
    case "updates":
      return <UpdatesView />;
  }
}

/** The view of the library, which keeps its filters in the address. */
function Library(): VNode {
  const { words, route, library, pictures, replaceRoute } = useApp();
  const show = (params: string, history: "push" | "replace"): void => {
    const hash = hashOf("library", { query: new URLSearchParams(params) });
    if (history === "push") location.hash = hash;
    else replaceRoute(hash);
  };
  return (
    <LibraryView
      store={library}
      words={words.value.library}
      pictures={pictures}
      params={route.value.query.toString()}
      onParams={show}
    />
  );
}

/** The view of one model, with what it needs of the server. */
function Model({ id }: { readonly id: number }): VNode {
  const { words, format, api, about, canOnlyRead, pictures, libraryStamp } = useApp();
  const shown = format.value;
  return (
    <ModelView
      id={id}
      words={words.value.model}
      format={{ bytes: (bytes) => shown.bytes(bytes), date: (iso) => shown.day(iso) }}
      pictures={pictures}
      load={(model, signal) => api.request("GET", `models/${model}`, { signal })}
      post={(path, body) => api.request("POST", path, { body })}
      isReadOnly={canOnlyRead.value}
      canOpenFolders={about.value?.canOpenFolders ?? false}
      library={about.value?.library ?? ""}
      stamp={libraryStamp.value}
    />
  );
}

/** Number of alerts that fire. */
function countFiring(status: StatusDocument | null): number {
  return status?.alerts.filter(({ state }) => state === "firing").length ?? 0;
}

/** Keeps the title of the document: how the downloads are, the view, and the machine. */
function Title(): null {
  const { heading, status, about, now } = useApp();
  const current = status.value;
  const firing = countFiring(current);
  const mark = current === null ? "" : MARKS[findingsOf(current, now.value)[0]?.tone ?? "idle"];
  const machine = current?.source.machine ?? about.value?.machine ?? "";
  const parts = [heading.value, `civitai-dl ${machine}`.trim()].filter((part) => part !== "");
  const title = `${mark}${firing > 0 ? `(${firing}) ` : ""}${parts.join(" · ")}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return null;
}

function Navigation(): VNode {
  const { words, route, queue, status } = useApp();
  const { frame } = words.value;
  const running = queue.value?.entries.filter(({ state }) => state === "running").length ?? 0;
  const left = running + (queue.value?.waiting ?? 0);
  const firing = countFiring(status.value);
  const marks: Partial<Record<ViewName, { readonly number: number; readonly name: string; readonly tone: string }>> = {
    queue: { number: left, name: frame.queued(left), tone: "plain" },
    health: { number: firing, name: frame.firing(firing), tone: "bad" },
  };
  const open = route.value.view === "model" ? "library" : route.value.view;
  return (
    <nav class="views" aria-label={frame.navigation}>
      {LINKS.map((view) => {
        const mark = marks[view];
        return (
          <a key={view} href={hashOf(view)} aria-current={view === open ? "page" : undefined}>
            <Icon name={view} />
            <span>{frame.views[view]}</span>
            {mark === undefined || mark.number === 0 ? null : (
              <span class="mark" data-tone={mark.tone}>
                <span aria-hidden="true">{mark.number > 999 ? "999+" : mark.number}</span>
                <span class="unseen">{mark.name}</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}

function LinkState(): VNode {
  const { words, format, link, status } = useApp();
  const { frame } = words.value;
  const { state, since } = link.value;
  const sinceText = format.value.clock(since);
  const stamp = status.value === null ? sinceText : format.value.clock(status.value.time);
  const texts = { connecting: frame.connecting, live: frame.live(stamp), lost: frame.lostShort(sinceText) };
  return (
    <p id="link" class="link" data-state={state}>
      <span class="dot" aria-hidden="true" />
      <span id="link-text">{texts[state]}</span>
    </p>
  );
}

/** What everybody should know, whatever the view. */
function Notice(): VNode | null {
  const { words, format, link, status, about } = useApp();
  const { frame } = words.value;
  const { state, since } = link.value;
  const current = status.value;
  const notices: string[] = [];
  if (state === "lost") {
    notices.push(frame.lost(format.value.clock(since), current === null ? null : format.value.clock(current.time)));
  } else if (current !== null && current.version !== 1) notices.push(frame.outdated);
  if (about.value?.readOnly === true) notices.push(frame.readOnly);
  return notices.length === 0 ? null : <p id="lost" class="notice">{notices.join(" ")}</p>;
}

function Choices(): VNode {
  const { words, language, setLanguage, theme } = useApp();
  const { frame } = words.value;
  return (
    <div class="choices">
      <Choice
        name="language"
        label={frame.language}
        value={language.value}
        onChoice={(chosen) => void setLanguage(chosen)}
      >
        {LANGUAGES.map(([value, text]) => ({ value, text: <span lang={value}>{text}</span> }))}
      </Choice>
      <Choice name="theme" label={frame.theme} value={theme.value} onChoice={(chosen) => theme.value = chosen}>
        {THEMES.map((value) => ({
          value,
          text: (
            <span title={frame.themes[value]}>
              <Icon name={value} />
              <span class="unseen">{frame.themes[value]}</span>
            </span>
          ),
        }))}
      </Choice>
    </div>
  );
}

interface ChoiceProps<Value extends string> {
  readonly name: string;
  readonly label: string;
  readonly value: Value;
  readonly onChoice: (value: Value) => void;
  readonly children: readonly { readonly value: Value; readonly text: ComponentChildren }[];
}

/** One of several values, which is kept for the next visit. */
function Choice<Value extends string>({ name, label, value, onChoice, children }: ChoiceProps<Value>): VNode {
  const choose = (chosen: Value): void => {
    onChoice(chosen);
    saveChoice(name, chosen);
  };
  return (
    <fieldset class="choice">
      <legend class="unseen">{label}</legend>
      {children.map((one) => (
        <label key={one.value}>
          <input
            type="radio"
            name={name}
            value={one.value}
            checked={one.value === value}
            onChange={() => choose(one.value)}
          />
          {one.text}
        </label>
      ))}
    </fieldset>
  );
}

function Foot(): VNode {
  const { statusWords, format, status, about, now } = useApp();
  const words = statusWords.value;
  const current = status.value;
  const source = current?.source ?? about.value;
  const texts = source === undefined || source === null ? [] : [words.sourceIs(source.machine, source.library)];
  if (current !== null) {
    const { startedAt } = current;
    const lasting = format.value.duration(now.value - Date.parse(startedAt));
    texts.push(words.monitorSince(format.value.time(startedAt, now.value), lasting));
  }
  return (
    <footer class="foot">
      <p id="footer-words">{texts.join(" ")}</p>
      <p class="foot-links">
        {["/api/v1/status", "/api/v1/openapi.json", "/metrics", "/healthz"].map((path) => (
          <a key={path} href={path}>{path}</a>
        ))}
      </p>
    </footer>
  );
}
