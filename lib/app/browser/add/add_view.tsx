import { useSignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Plan, PlanRequest } from "../../api/shapes/plan.ts";
import { ApiError } from "../frame/api.ts";
import { type Draft, useApp } from "../context.ts";
import { hashOf } from "../frame/route.ts";
import { Button, Card, ProblemNote, ViewHeading } from "../frame/parts.tsx";
import type { Messages } from "../messages/en.ts";
import { useRunningPlan } from "./follow_plan.ts";
import { PlanCard } from "./plan_card.tsx";
import { exceptOf, leavesOfModel, type Off, selectedOf } from "./selection.ts";
import { TargetsField } from "./targets_field.tsx";

/** Longest name in the title of an entry, in characters. */
const MAX_NAME = 150;

/** The view that adds: what is wanted, the plan of it by name, and the button that queues it. */
export function AddView(): VNode {
  const { words, draft, api, canOnlyRead, route, announce, format } = useApp();
  const { frame, add: text } = words.value;
  const problem = useSignal<unknown>(null);
  const isBusy = useSignal(false);
  const enqueued = useSignal<string | null>(null);
  const { plan } = draft.value;
  const change = (changed: Partial<Draft>): void => {
    draft.value = { ...draft.peek(), ...changed };
  };

  async function run(work: () => Promise<void>): Promise<void> {
    problem.value = null;
    isBusy.value = true;
    try {
      await work();
    } catch (error) {
      problem.value = error;
    } finally {
      isBusy.value = false;
    }
  }

  const makePlan = (): Promise<void> =>
    run(async () => {
      const { text: typed } = draft.peek();
      if (typed.trim() === "") throw new ApiError("usage", text.nothingTyped);
      enqueued.value = null;
      change({ plan: await api.plan(requestOf(draft.peek())), off: new Set() });
    });
  const enqueue = (ready: Plan): Promise<void> =>
    run(async () => {
      const { off } = draft.peek();
      const request = requestOf(draft.peek());
      const title = titleOf(ready, off, text);
      const order = { ...request, targets: ready.targets, except: exceptOf(ready, off), title };
      await api.enqueue(order, { key: ready.id });
      enqueued.value = title;
      change({ text: "", plan: null, off: new Set() });
    });
  const stop = (running: Plan): void => {
    change({ plan: null });
    // The plan may be gone already, which is what was wanted.
    api.dropPlan(running.id).catch(() => {});
  };

  // An address that another page or a bookmarklet has sent is planned at once.
  const sent = route.value.query.get("url");
  useEffect(() => {
    if (sent === null || sent === "" || sent === draft.peek().text) return;
    change({ text: sent, plan: null });
    void makePlan();
  }, [sent]);
  useRunningPlan(plan, {
    onPlan(changed) {
      if (changed.state === "ready") announce([text.newsReady(format.peek().number(changed.models.length))]);
      change({ plan: changed });
    },
    onProblem(error) {
      problem.value = error;
      change({ plan: null });
    },
  });

  return (
    <>
      <ViewHeading text={frame.views.add} />
      <div class="stack">
        {enqueued.value !== null && (
          <div id="enqueued" class="notice" data-tone="good" role="status">
            <p>
              {text.enqueued(enqueued.value)} <a href={hashOf("queue")}>{text.toQueue}</a>
            </p>
          </div>
        )}
        <TargetsField
          draft={draft.value}
          onDraft={change}
          onPlan={() => void makePlan()}
          isBusy={isBusy.value || plan?.state === "running" || canOnlyRead.value}
        />
        <ProblemNote error={problem.value} />
        {plan?.state === "running" && (
          <Card id="planning" title={text.plan}>
            <p role="status">{text.planning(format.value.number(plan.listed))}</p>
            <Button text={text.stop} onClick={() => stop(plan)} />
          </Card>
        )}
        {plan?.state === "failed" && <ProblemNote error={errorOf(plan, text.failed)} />}
        {plan?.state === "ready" && (
          <PlanCard
            plan={plan}
            off={draft.value.off}
            onOff={(off) => change({ off })}
            onEnqueue={() => void enqueue(plan)}
            isBusy={isBusy.value}
          />
        )}
      </div>
    </>
  );
}

/** What is asked of the planner, and of the queue. */
function requestOf({ text, versions, pictures }: Draft): PlanRequest {
  const images = { some: {}, none: { previews: 0, gallery: 0, maxImages: 0 }, all: { gallery: 100_000 } }[pictures];
  return { targets: [text], choice: { versions, ...images } };
}

/** What the entry is called: after its models, or who posted its images. */
function titleOf(plan: Plan, off: Off, words: Pick<Messages["add"], "title">): string {
  const { models, truncated, posted } = plan;
  const selected = models.filter((model) => selectedOf(leavesOfModel(model), off) !== "none");
  const first = selected[0] ?? models[0];
  if (first === undefined) return words.title(posted[0]?.name ?? "", Math.max(0, posted.length - 1));
  return words.title(first.name.slice(0, MAX_NAME), Math.max(0, selected.length + truncated - 1));
}

/** Why there is no plan. */
export function errorOf({ problem }: Plan, usual: string): ApiError {
  return new ApiError(problem?.code ?? "failed", problem?.detail ?? usual, { hint: problem?.hint ?? null });
}
