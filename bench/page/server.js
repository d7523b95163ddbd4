// @ts-check
// A process of its own with the dashboard and, behind it, a fleet that lives. The parent asks over the channel of
// `fork` for time to go by.

import { startDevServer } from "../../scripts/dev-server.js";
import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";

const docs = Number(process.argv[2]);
// In pieces as large as a proxy's: CouchDB's own would measure the simulator.
const simulator = createSimulator({ docs, chunkBytes: 65_536 });
const couch = await serve(simulator);
const page = await startDevServer({ couchdbUrl: couch.url.replace("://", "://admin:pass@") });

process.on("message", (/** @type {{ advance: number }} */ { advance }) => {
  simulator.clock.advance(advance);
  process.send?.({ now: simulator.clock.now() });
});
process.on("disconnect", () => process.exit());
process.send?.({ url: page.url });
