import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Entry, Failures } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
import type { Messages } from "../messages/en.ts";
import { hashOf } from "../frame/route.ts";
import { Badge, ProblemNote, Remedy } from "../frame/parts.tsx";
import { type ActOn, EntryButtons } from "./entry_buttons.tsx";
import { STATE_TONES } from "./entry_words.ts";

interface EndedEntryProps {
  readonly entry: Entry;
  readonly actOn: ActOn | null;
  /** Whether it is the one that somebody may have waited for. */
  readonly isLatest?: boolean;
}

/** An entry that has ended: how, why, and which files it did not get. */
export function EndedEntry({ entry, actOn, isLatest = false }: EndedEntryProps): VNode {
  const { words, format, now, language } = useApp();
  const { queue: text } = words.value;
  const { title, kind, state, counts, startedAt, endedAt, reason, hint } = entry;
  // The program's own text is English.
  const foreign = language.value === "en" ? null : "en";
  const times: string[] = [];
  if (endedAt !== null) times.push(text.endedAt(format.value.time(endedAt, now.value)));
  const tookMs = endedAt === null || startedAt === null ? 0 : Date.parse(endedAt) - Date.parse(startedAt);
  if (tookMs >= 1000) times.push(text.took(format.value.duration(tookMs)));
  const facts = counts === null ? [] : outcomesOf(kind, counts, text)
    .map(([files, word]) => text.outcome(format.value.number(files), word));
  const isSound = kind === "repair" && counts !== null && counts.done + counts.failed === 0;
  return (
    <li class="entry">
      <div class="entry-head">
        <div class="entry-name">
          <p class="title">{title}</p>
          <p class="soft small">
            <Badge tone={STATE_TONES[state]}>{text.states[state]}</Badge>{" "}
            {[text.kinds[kind], ...isSound ? [text.nothingBroken] : facts, ...times].join(" · ")}
          </p>
        </div>
        {isInLibrary(entry) && <a class={isLatest ? "button quiet" : "small"} href={placeOf(entry)}>{text.toLibrary}
        </a>}
        <EntryButtons entry={entry} actOn={actOn} />
      </div>
      {reason !== null && state === "failed" && <p class="detail" lang={foreign ?? undefined}>{reason}</p>}
      {state === "failed" && <Remedy text={hint ?? ""} lang={foreign} />}
      {counts !== null && counts.failed + counts.refused > 0 && <FailureList entry={entry} foreign={foreign} />}
    </li>
  );
}

/** What came of an entry: files, and the word for what they are. */
function outcomesOf(
  kind: Entry["kind"],
  { done, there, failed, refused }: NonNullable<Entry["counts"]>,
  text: Messages["queue"],
): readonly (readonly [files: number, word: string])[] {
  const isCheck = kind === "verify";
  const all = [
    [done, isCheck ? text.intact : text.fetched],
    [there, kind === "repair" ? text.intact : text.there],
    [failed, isCheck ? text.broken : text.states.failed],
    [refused, text.notAvailable],
  ] as const;
  return all.filter(([files], at) => at === 0 || files > 0);
}

/** Whether the library has something of what an entry was about. */
function isInLibrary({ kind, counts }: Entry): boolean {
  return counts !== null && (kind !== "download" || counts.done + counts.there > 0);
}

/** Where the library shows what an entry was about: a model, a creator, or everything. */
function placeOf({ targets, targetCount }: Entry): string {
  const [, type, name = ""] = (targetCount === 1 ? /^(model|user):([^/]+)$/.exec(targets[0]!) : null) ?? [];
  if (type === "model") return hashOf("model", { id: Number(name) });
  return hashOf("library", type === "user" ? { query: new URLSearchParams({ creator: name }) } : {});
}

interface FailureListProps {
  readonly entry: Entry;
  readonly foreign: string | null;
}

/** The files that an entry did not get, asked for when somebody wants to see them. */
function FailureList({ entry: { id, kind: work }, foreign }: FailureListProps): VNode {
  const { words, api } = useApp();
  const { queue: text, frame } = words.value;
  const answer = useSignal<Failures | null>(null);
  const problem = useSignal<unknown>(null);
  const load = (isOpen: boolean): void => {
    if (!isOpen || answer.peek() !== null) return;
    problem.value = null;
    api.failures(id).then((failures) => answer.value = failures, (error) => problem.value = error);
  };
  const failures = answer.value?.failures;
  const failed = work === "verify" ? text.broken : text.states.failed;
  return (
    <details class="fold" onToggle={({ currentTarget }) => load(currentTarget.open)}>
      <summary>{text.whichFailed}</summary>
      <ProblemNote error={problem.value} />
      {failures === undefined && problem.value === null && <p class="soft">{frame.loading}</p>}
      {failures?.length === 0 && <p class="soft">{text.noFailures}</p>}
      <ul class="paths">
        {failures?.map(({ kind, path, message, hint, model }) => (
          <li key={`${path} ${message}`}>
            <p class="small">
              <Badge tone={kind === "failed" ? "bad" : "warn"}>{kind === "failed" ? failed : text.notAvailable}</Badge>
              {model !== null && (
                <>
                  {" "}
                  <a href={hashOf("model", { id: model.id })}>{model.name}</a>
                </>
              )}
            </p>
            <span class="title small">{path}</span>
            <p class="small" lang={foreign ?? undefined}>{message}{hint !== null && `. ${hint}`}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
