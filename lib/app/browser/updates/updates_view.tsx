import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import type { Plan, PlannedModel } from "../../api/shapes/plan.ts";
import type { Entry } from "../../api/shapes/queue.ts";
import { errorOf } from "../add/add_view.tsx";
import { useRunningPlan } from "../add/follow_plan.ts";
import { useApp } from "../context.ts";
import { Badge, Button, Card, Fold, ProblemNote, ViewHeading } from "../frame/parts.tsx";
import { hashOf } from "../frame/route.ts";

/** Models that are shown at first, and that one press adds. */
const STEP = 100;
/** States of entries that are still to be done. */
const OPEN: readonly Entry["state"][] = ["waiting", "running", "paused"];

/** What is newer of the models of the library, with a button for each and one for all. */
export function UpdatesView(): VNode {
  const { words, updates, api, canOnlyRead, announce, format } = useApp();
  const { frame, updates: text } = words.value;
  const problem = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const plan = updates.value;
  const isReadOnly = canOnlyRead.value;
  const run = async (work: () => Promise<void>): Promise<void> => {
    problem.value = null;
    isBusy.value = true;
    await work().catch((error) => problem.value = error);
    isBusy.value = false;
  };
  const check = (): Promise<void> =>
    run(async () => {
      updates.value = await api.planUpdates();
    });
  const enqueue = (targets: readonly string[], title: string): Promise<void> =>
    run(async () => void await api.enqueue({ kind: "update", targets: [...targets], title }));
  useRunningPlan(plan, {
    onPlan(changed) {
      updates.value = changed;
      if (changed.state === "ready") announce([text.newsReady(changed.models.length)]);
    },
    onProblem(error) {
      updates.value = null;
      problem.value = error;
    },
  });
  return (
    <>
      <ViewHeading text={frame.views.updates}>
        {!isReadOnly && (
          <Button
            text={plan === null ? text.check : text.checkAgain}
            icon="again"
            tone={plan === null ? "main" : "plain"}
            isDisabled={isBusy.value || plan?.state === "running"}
            onClick={() => void check()}
          />
        )}
      </ViewHeading>
      {plan === null && <p class="soft intro">{isReadOnly ? text.readOnly : text.intro}</p>}
      <ProblemNote error={problem.value} />
      {plan?.state === "running" && <p role="status" class="card">{text.checking(format.value.number(plan.listed))}</p>}
      {plan?.state === "failed" && <ProblemNote error={errorOf(plan, words.value.add.failed)} />}
      {plan?.state === "ready" && (
        <Found
          plan={plan}
          onUpdate={isReadOnly ? null : (targets, title) => void enqueue(targets, title)}
        />
      )}
    </>
  );
}

interface FoundProps {
  readonly plan: Plan;
  /** Queues updates; no target is all models. `null` where nothing can be changed. */
  readonly onUpdate: ((targets: readonly string[], title: string) => void) | null;
}

function Found({ plan, onUpdate }: FoundProps): VNode {
  const { words, format, language, queue } = useApp();
  const { updates: text, add } = words.value;
  const shown = useSignal(STEP);
  const { models, truncated, wanted, refused, refusedCount, problems, addedAt } = plan;
  const count = models.length + truncated;
  const lang = language.value === "en" ? undefined : "en";
  if (count === 0) {
    return (
      <div class="nothing">
        <h2>{text.none}</h2>
      </div>
    );
  }
  const entries = queue.value?.entries.filter(({ kind }) => kind === "update") ?? [];
  const queued = coverOf(entries.filter(({ state }) => OPEN.includes(state)));
  // What ended before the plan was asked for has left nothing that the plan would name.
  const updated = coverOf(entries.filter(({ state, endedAt }) => state === "done" && endedAt! >= addedAt));
  const allNote = noteOf(queued.isAll, updated.isAll);
  const left = models.length - shown.value;
  return (
    <Card id="newer" title={text.found(count, format.value.number(count))}>
      <div class="fields newer-all">
        <p class="soft">
          {add.files(wanted.files, format.value.number(wanted.files))} · {format.value.bytes(wanted.bytes)}
        </p>
        {allNote !== null && <QueueNote note={allNote} />}
        {allNote === null && onUpdate !== null && (
          <Button
            text={text.updateAll}
            tone="main"
            icon="updates"
            onClick={() => onUpdate([], text.updateAllTitle)}
          />
        )}
      </div>
      <ul id="newer-list" class="rows">
        {models.slice(0, shown.value).map((model) => (
          <li key={model.id} class="entry">
            <Newer
              model={model}
              note={noteOf(queued.has(model.id), updated.has(model.id))}
              onUpdate={onUpdate}
            />
          </li>
        ))}
      </ul>
      {left > 0 && (
        <Button
          text={add.showMore(format.value.number(Math.min(STEP, left)))}
          onClick={() => shown.value += STEP}
        />
      )}
      {truncated > 0 && <p class="soft">{add.unnamed(format.value.number(truncated))}</p>}
      {problems.length + refusedCount > 0 && (
        <Fold text={add.refused(problems.length + refusedCount, format.value.number(problems.length + refusedCount))}>
          <ul class="paths" lang={lang}>
            {problems.map(({ target, message }) => <li key={target}>{target}: {message}</li>)}
            {refused.map(({ name, reason }) => <li key={`${name} ${reason}`}>{name}: {reason}</li>)}
          </ul>
        </Fold>
      )}
    </Card>
  );
}

/** What entries of the queue update. */
interface Cover {
  /** Whether one of them updates all models. */
  readonly isAll: boolean;
  readonly has: (id: number) => boolean;
}

function coverOf(entries: readonly Entry[]): Cover {
  const targets = new Set(entries.flatMap((entry) => entry.targets));
  const isAll = entries.some((entry) => entry.targets.length === 0);
  return { isAll, has: (id) => isAll || targets.has(`model:${id}`) };
}

/** What the queue does with an update, or has done. */
type Note = "queued" | "updated" | null;

function noteOf(isQueued: boolean, isUpdated: boolean): Note {
  if (isQueued) return "queued";
  return isUpdated ? "updated" : null;
}

function QueueNote({ note }: { readonly note: NonNullable<Note> }): VNode {
  const { updates: text, queue } = useApp().words.value;
  return (
    <a href={hashOf("queue")}>
      <Badge tone="good">{note === "queued" ? text.queued : queue.updated}</Badge>
    </a>
  );
}

interface NewerProps extends Pick<FoundProps, "onUpdate"> {
  readonly model: PlannedModel;
  readonly note: Note;
}

function Newer({ model, note, onUpdate }: NewerProps): VNode {
  const { words, format } = useApp();
  const { updates: text, add } = words.value;
  const { id, name, type, creator, versions } = model;
  const files = versions.flatMap((version) => version.files);
  const bytes = files.reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  const replaced = files.filter(({ replaces }) => replaces);
  const fresh = versions.filter((version) => version.files.some(({ replaces }) => !replaces));
  const about = [type, ...creator === null ? [] : [add.by(creator)], ...bytes > 0 ? [format.value.bytes(bytes)] : []];
  return (
    <div class="entry-head">
      <div class="entry-name">
        <p class="title">
          <a href={hashOf("model", { id })}>{name}</a>
        </p>
        <p class="soft small">{about.join(" · ")}</p>
        {fresh.length > 0 && (
          <p class="small">
            <span class="soft">{text.newVersions}</span>{" "}
            {fresh.map((version) => [version.name, version.base].filter((part) => part !== "").join(" · ")).join(", ")}
          </p>
        )}
        {replaced.length > 0 && (
          <p class="small">
            <span class="soft">{text.newFiles}</span> {replaced.map((file) => file.name).join(", ")}
          </p>
        )}
        {files.length === 0 && <p class="small soft">{text.newPictures}</p>}
      </div>
      {note !== null && <QueueNote note={note} />}
      {note === null && onUpdate !== null && (
        <Button
          text={text.update}
          name={text.updateOf(name)}
          onClick={() => onUpdate([`model:${id}`], name)}
        />
      )}
    </div>
  );
}
