// @ts-check
// A process with all fleets on one port, so that their work is not in the figures of contestants.
// The parent sends commands over the channel of `fork`.

import { withFiles } from "./files.js";
import { FLEETS } from "./fleets.js";
import { Replay } from "./replay.js";
import { serve } from "./serve.js";
import { wireBytes } from "./wire.js";

/** @typedef {import("../lib/plan.js").FleetName} FleetName */

const [packageFolder = "", ...names] = process.argv.slice(2);

/** @type {Map<string, Replay>} */
const replays = new Map();
for (const name of names) {
  const { fleet, chunkBytes, refuses } = FLEETS[/** @type {FleetName} */ (name)];
  replays.set(name, new Replay(fleet(), chunkBytes, refuses));
}

/** The first part of the path is the fleet. @type {import("./serve.js").Answer} */
async function answer({ method, url, headers, text }) {
  const [, name = "", path = "/"] = /^\/([^/]+)(\/.*)$/.exec(url.pathname + url.search) ?? [];
  const replay = replays.get(name);
  // Browsers request an icon, too.
  if (!replay) return wireBytes({ status: 404, headers: [], body: "" }, 0);
  return replay.answer({ method, url: new URL(path, url.origin), headers, text });
}

const origin = await serve(withFiles(packageFolder, answer));

process.on("message", (/** @type {{ takeLogOf: FleetName }} */ { takeLogOf }) => {
  process.send?.({ log: replays.get(takeLogOf)?.takeLog() });
});
process.on("disconnect", () => process.exit());
process.send?.({ origin });
