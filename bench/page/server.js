// @ts-check
// A process with the dashboard and a changing fleet. The parent advances its clock through the channel of
// `fork`.

import { serve as servePage } from "../../pkg/serve/index.js";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";

const docs = Number(process.argv[2]);
// Large chunks: CouchDB's own size would measure the simulator.
const simulator = createSimulator({ docs, chunkBytes: 65_536 });
const couch = await serve(simulator);
// Refreshes follow each other at once: in the time of this server, no response is fresh enough to be used again.
const page = await servePage(
  { couchdb: { url: couch.url.replace("://", "://admin:pass@") }, port: 0 },
  { now: () => 1000 * performance.now() },
);

process.on("message", (/** @type {{ advance: number }} */ { advance }) => {
  simulator.clock.advance(advance);
  process.send?.({ now: simulator.clock.now() });
});
process.on("disconnect", () => process.exit());
process.send?.({ url: page.url });
