// @ts-check
// `node dashboard.js URL`: the server of the dashboard; a monitoring system reads its metrics.

import { serve } from "../../pkg/serve/index.js";
import { answerSamples } from "./worker.js";

const [url = ""] = process.argv.slice(2);
const auth = /** @type {const} */ ({ type: "session", username: "admin", password: "pass" });
const server = await serve({
  couchdb: { url, options: { auth, timeout: 4000 } },
  port: 0,
  allowWrites: true,
  log: () => {},
});
const counts = { answers: 0, errors: 0 };
answerSamples(counts);
process.send?.({ url: server.url });

for (;;) {
  for (const path of ["/metrics", "/readyz"]) {
    const response = await fetch(server.url + path).catch(() => undefined);
    await response?.text();
    counts[response?.ok ? "answers" : "errors"]++;
  }
  await new Promise((resolve) => setTimeout(resolve, 1000));
}
