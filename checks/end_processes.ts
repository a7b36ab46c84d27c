/** Time between SIGTERM and SIGKILL in milliseconds, in which processes can clean up. */
const GRACE_MS = 2000;
const POLL_MS = 20;

/**
 * End a process that leads a process group, and everything that it started: with SIGTERM, and after two seconds with
 * SIGKILL. Where there is no `ps`, or on Windows, processes in groups of their own are left.
 *
 * @param child The process, which was started with `detached`
 */
export async function endProcesses(child: Deno.ChildProcess): Promise<void> {
  if (Deno.build.os === "windows") {
    kill(child.pid, "SIGTERM");
    return;
  }
  const groups = new Set([child.pid, ...await listGroups(child.pid)]);
  for (const group of groups) kill(-group, "SIGTERM");
  const end = performance.now() + GRACE_MS;
  while (performance.now() < end && [...groups].some(isAlive)) await new Promise((wake) => setTimeout(wake, POLL_MS));
  for (const group of groups) kill(-group, "SIGKILL");
}

/** The process groups of everything that a process has started, directly or not. */
async function listGroups(root: number): Promise<readonly number[]> {
  const processes = await listProcesses();
  const groups = new Set<number>();
  for (let parents = [root]; parents.length > 0;) {
    const children = processes.filter(({ parent }) => parents.includes(parent));
    for (const { group } of children) groups.add(group);
    parents = children.map(({ pid }) => pid);
  }
  return [...groups];
}

async function listProcesses() {
  try {
    const { stdout } = await new Deno.Command("ps", { args: ["-A", "-o", "pid=,ppid=,pgid="], stderr: "null" })
      .output();
    return new TextDecoder().decode(stdout).split("\n").map((line) => line.trim().split(/\s+/).map(Number))
      .map(([pid = 0, parent = 0, group = 0]) => ({ pid, parent, group })).filter(({ pid, group }) =>
        pid > 0 && group > 1
      );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return [];
    throw error;
  }
}

function isAlive(group: number): boolean {
  // It wakes what was stopped, which could not end otherwise.
  return kill(-group, "SIGCONT");
}

/** Signal a process or a group; `false` if there is none. */
function kill(pid: number, signal: Deno.Signal): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof TypeError) return false;
    throw error;
  }
}
