// @ts-check
// A process with the dashboard and a changing fleet. The parent advances its clock through the channel of
// `fork`.

import { startDevServer } from "../../scripts/dev-server.js";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";

const docs = Number(process.argv[2]);
// Chunks as large as a proxy's: CouchDB's own size would measure the simulator.
const simulator = createSimulator({ docs, chunkBytes: 65_536 });
const couch = await serve(simulator);
const page = await startDevServer({ couchdbUrl: couch.url.replace("://", "://admin:pass@") });

process.on("message", (/** @type {{ advance: number }} */ { advance }) => {
  simulator.clock.advance(advance);
  process.send?.({ now: simulator.clock.now() });
});
process.on("disconnect", () => process.exit());
process.send?.({ url: page.url });
