/** Folder of the timelines, in the working directory like the other logs. */
export const INCIDENT_FOLDER = "logs/incidents";

/**
 * Record a command in the timeline of the open incident, if there is one. Values of arguments are not recorded: they may
 * be names or secrets.
 *
 * @param words The command's name, its action, and the names of its flags
 * @param exit Its exit code
 */
export async function recordInIncident(words: readonly string[], exit: number): Promise<void> {
  // A command without these permissions cannot record anything, and the runtime must not ask for them on a terminal.
  if (words[0] === "incident" || !isPermitted("read") || !isPermitted("write")) return;
  try {
    if (!(await Deno.stat(INCIDENT_FOLDER)).isDirectory) return;
    // Imported on demand: hardly any run is part of an incident.
    const { findOpenIncident, recordCommand } = await import("../../lib/incident/mod.ts");
    const incident = await findOpenIncident(INCIDENT_FOLDER);
    if (incident !== undefined) recordCommand(incident, { words, exit, atMs: Date.now() });
  } catch {
    // A timeline that cannot be written, on a full disk for example, must not change how a command ends.
  }
}

function isPermitted(name: "read" | "write"): boolean {
  return Deno.permissions.querySync({ name, path: INCIDENT_FOLDER }).state === "granted";
}
