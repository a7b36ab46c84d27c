// Copies a database to a new file: SQLite does that in one call, in the thread that calls it.
// Plain JavaScript, imported as text, so that it also runs inside one bundled file.
import { backup, DatabaseSync } from "node:sqlite";

self.onmessage = async ({ data: { path, copy, timeout } }) => {
  try {
    const database = new DatabaseSync(path, { readOnly: true, timeout });
    try {
      // All pages in one step, of one moment.
      await backup(database, copy, { rate: -1 });
    } finally {
      database.close();
    }
    self.postMessage(null);
  } catch (error) {
    self.postMessage(error.message);
  }
};
