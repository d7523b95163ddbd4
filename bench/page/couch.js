// @ts-check
// A process with a changing fleet. The parent advances its clock through the channel of `fork`.

import { createSimulator } from "../../simulator/index.js";
import { serve } from "../../simulator/protocol/server.js";

// Large chunks: CouchDB's own size would measure the simulator.
const simulator = createSimulator({ docs: Number(process.argv[2]), chunkBytes: 65_536 });
const { url } = await serve(simulator);

process.on("message", (/** @type {{ advance: number }} */ { advance }) => {
  simulator.clock.advance(advance);
  process.send?.({ now: simulator.clock.now() });
});
process.on("disconnect", () => process.exit());
process.send?.({ url: url.replace("://", "://admin:pass@") });
