import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Entry, QueueDocument } from "../../api/shapes/queue.ts";
import { useApp } from "../context.ts";
import { hashOf } from "../frame/route.ts";
import { ConfirmDialog } from "../frame/confirm_dialog.tsx";
import { Button, Card, ProblemNote, ViewHeading } from "../frame/parts.tsx";
import { EndedEntry } from "./ended_entry.tsx";
import type { ActOn } from "./entry_buttons.tsx";
import { LimitsCard } from "./limits_card.tsx";
import { RunningEntry } from "./running_entry.tsx";
import { WaitingList } from "./waiting_list.tsx";

/** Ended entries that are shown at first. */
const SHOWN = 20;

/** What runs, what waits, what has ended, and what can be done about it. */
export function QueueView(): VNode {
  const { words, queue, api, canOnlyRead } = useApp();
  const { frame, queue: text } = words.value;
  const problem = useSignal<unknown>(null);
  const asked = useSignal<Entry | null>(null);
  const current = queue.value;
  if (current === null) {
    return (
      <>
        <ViewHeading text={frame.views.queue} />
        <p class="none">{frame.loading}</p>
      </>
    );
  }
  const isReadOnly = canOnlyRead.value;
  const isEmpty = current.entries.length === 0;
  const change = (promise: Promise<unknown>): void => {
    problem.value = null;
    promise.catch((error) => problem.value = error);
  };
  const actOn: ActOn = (entry, act) => {
    if (act === "cancel" && asked.peek() !== entry) asked.value = entry;
    else change(api.actOn(entry.id, act));
  };
  const setQueue = (act: "pause" | "resume"): void =>
    change(api.setQueue(act).then((document) => queue.value = document));
  return (
    <>
      <ViewHeading text={frame.views.queue}>
        {!isReadOnly && (
          <div class="buttons">
            {!isEmpty && <a class="button" href={hashOf("add")}>{text.add}</a>}
            {current.isPaused && (
              <Button
                text={text.resumeAll}
                icon="resume"
                tone="main"
                onClick={() => setQueue("resume")}
              />
            )}
            {!current.isPaused && !isEmpty && (
              <Button
                text={text.pauseAll}
                icon="pause"
                onClick={() => setQueue("pause")}
              />
            )}
          </div>
        )}
      </ViewHeading>
      <ProblemNote error={problem.value} />
      <QueueNotices document={current} />
      <QueueLists document={current} actOn={isReadOnly ? null : actOn} />
      {!isReadOnly && <LimitsCard document={current} onChange={change} />}
      {asked.value !== null && (
        <ConfirmDialog
          title={text.cancelTitle(asked.value.title)}
          text={text.cancelText}
          yes={text.cancelYes}
          onAnswer={(isSure) => {
            const entry = asked.peek();
            asked.value = null;
            if (isSure && entry !== null) change(api.actOn(entry.id, "cancel"));
          }}
        />
      )}
    </>
  );
}

function QueueNotices({ document }: { readonly document: QueueDocument }): VNode {
  const { words, format, now, canOnlyRead } = useApp();
  const { queue: text } = words.value;
  const { holder, isPaused, entries } = document;
  return (
    <>
      {isPaused && <p id="paused-note" class="notice" data-tone="warn">{text.isPaused}</p>}
      {holder !== null && (
        <p id="holder-note" class="notice" data-tone="plain">
          {text.holder(holder.command, holder.pid, format.value.time(holder.since, now.value))}
        </p>
      )}
      {entries.length === 0 && (
        <div class="nothing">
          <h2>{text.empty}</h2>
          <p class="soft">{text.emptyHint}</p>
          {!canOnlyRead.value && <a class="button" data-tone="main" href={hashOf("add")}>{text.add}</a>}
        </div>
      )}
    </>
  );
}

interface ListsProps {
  readonly document: QueueDocument;
  /** `null` where nothing can be changed. */
  readonly actOn: ActOn | null;
}

function QueueLists({ document, actOn }: ListsProps): VNode {
  const { words, format } = useApp();
  const { queue: text, frame } = words.value;
  const isUnfolded = useSignal(false);
  const { entries } = document;
  const of = (...states: readonly Entry["state"][]) => entries.filter(({ state }) => states.includes(state));
  const running = of("running");
  const failed = of("failed");
  const ended = of("done", "cancelled");
  const shown = isUnfolded.value ? ended : ended.slice(0, SHOWN);
  const number = (list: readonly Entry[]): string => format.value.number(list.length);
  return (
    <div class="stack">
      {running.length > 0 && (
        <Card id="running" title={text.running}>
          <ul class="rows">{running.map((entry) => <RunningEntry key={entry.id} entry={entry} actOn={actOn} />)}</ul>
        </Card>
      )}
      {failed.length > 0 && (
        <Card id="failed" title={text.failed} count={number(failed)}>
          <ul class="rows">{failed.map((entry) => <EndedEntry key={entry.id} entry={entry} actOn={actOn} />)}</ul>
        </Card>
      )}
      {document.waiting > 0 && <WaitingList document={document} actOn={actOn} />}
      {ended.length > 0 && (
        <Card id="ended" title={text.ended} count={number(ended)}>
          <ul class="rows">
            {shown.map((entry, at) => <EndedEntry key={entry.id} entry={entry} actOn={actOn} isLatest={at === 0} />)}
          </ul>
          {shown.length < ended.length && (
            <Button
              look="quiet"
              text={frame.more(format.value.number(ended.length - shown.length))}
              onClick={() => isUnfolded.value = true}
            />
          )}
        </Card>
      )}
    </div>
  );
}
