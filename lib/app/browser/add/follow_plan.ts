import { useEffect } from "preact/hooks";
import type { Plan } from "../../api/shapes/plan.ts";
import { useApp } from "../context.ts";

/** How often a running plan is asked for, if no event says that it has changed. */
const ASK_MS = 2000;

/** Ask for a running plan whenever it has changed, until it is ready or failed. */
export function useRunningPlan(
  plan: Plan | null,
  { onPlan, onProblem }: { readonly onPlan: (plan: Plan) => void; readonly onProblem: (error: unknown) => void },
): void {
  const { api, planChange } = useApp();
  const id = plan?.state === "running" ? plan.id : null;
  const change = planChange.value.id === id ? planChange.value.count : 0;
  useEffect(() => {
    if (id === null) return;
    const asking = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        onPlan(await api.readPlan(id, asking.signal));
      } catch (error) {
        if (!asking.signal.aborted) onProblem(error);
      }
    };
    if (change > 0) void ask();
    const timer = setInterval(ask, ASK_MS);
    return () => {
      clearInterval(timer);
      asking.abort();
    };
  }, [id, change]);
}
