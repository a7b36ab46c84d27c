import { join } from "node:path";

/** Name of the folder for the program's own state, in the library's folder. */
export const STATE_FOLDER = ".civitai-dl";

/** Return the path of a library's catalog. */
export function catalogFile(root: string): string {
  return join(root, STATE_FOLDER, "catalog.db");
}

/** Return the folder of what does not fit into the catalog: the documents of state, and the record of runs. */
export function stateFolder(root: string): string {
  return join(root, STATE_FOLDER, "state");
}

/** Return the path of the file that stores the alerts of a library. */
export function alertsStatePath(root: string): string {
  return join(stateFolder(root), "alerts.json");
}

/** Return the path of the lock that is held by the process which works off the queue of a library. */
export function queueLockPath(root: string): string {
  return join(root, STATE_FOLDER, "queue.lock");
}

/** Return the path of the lock that whoever changes a library holds. */
export function libraryLockPath(root: string): string {
  return join(root, STATE_FOLDER, "lock");
}

/** Return the path of the lock that the monitor of a library holds. */
export function monitorLockPath(root: string): string {
  return join(stateFolder(root), "monitor.lock");
}
