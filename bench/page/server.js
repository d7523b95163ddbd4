// @ts-check
// A process with the dashboard for a CouchDB.

import { serve } from "../../pkg/serve/index.js";

const [, , couchdb = ""] = process.argv;
// Refreshes follow each other at once: in the time of this server, no response is fresh enough to be used again.
const page = await serve({ couchdb: { url: couchdb }, port: 0 }, { now: () => 1000 * performance.now() });

process.on("disconnect", () => process.exit());
process.send?.({ url: page.url });
