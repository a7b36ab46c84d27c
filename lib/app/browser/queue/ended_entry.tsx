import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Entry, Failures } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
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
  const facts = counts === null
    ? times
    : [text.counts(format.value.number(counts.done), counts.failed, counts.refused), ...times];
  return (
    <li class="entry">
      <div class="entry-head">
        <div class="entry-name">
          <p class="title">{title}</p>
          <p class="soft small">
            <Badge tone={STATE_TONES[state]}>{text.states[state]}</Badge> {[text.kinds[kind], ...facts].join(" · ")}
          </p>
        </div>
        {isLatest && state === "done" && <a class="button quiet" href={hashOf("library")}>{text.toLibrary}</a>}
        <EntryButtons entry={entry} actOn={actOn} />
      </div>
      {reason !== null && state === "failed" && <p class="detail" lang={foreign ?? undefined}>{reason}</p>}
      {state === "failed" && <Remedy text={hint ?? ""} lang={foreign} />}
      {counts !== null && counts.failed + counts.refused > 0 && <FailureList id={entry.id} foreign={foreign} />}
    </li>
  );
}

/** The files that an entry did not get, asked for when somebody wants to see them. */
function FailureList({ id, foreign }: { readonly id: number; readonly foreign: string | null }): VNode {
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
  return (
    <details class="fold" onToggle={({ currentTarget }) => load(currentTarget.open)}>
      <summary>{text.whichFailed}</summary>
      <ProblemNote error={problem.value} />
      {failures === undefined && problem.value === null && <p class="soft">{frame.loading}</p>}
      {failures?.length === 0 && <p class="soft">{text.noFailures}</p>}
      <ul class="paths">
        {failures?.map(({ path, message, hint }) => (
          <li key={`${path} ${message}`}>
            <span class="title small">{path}</span>
            <p class="small" lang={foreign ?? undefined}>{message}{hint !== null && `. ${hint}`}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
