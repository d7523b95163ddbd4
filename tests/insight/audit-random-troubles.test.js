// @ts-check
// Random fleets and random troubles: two looks of audit() find exactly what was done to them.

import assert from "node:assert/strict";
import { forEachSeed } from "../support/random.js";
import { testOfSimulator } from "../support/server.js";
import { confirmed, fleetOn, MINUTE, nameOf, SECOND } from "./audited-fleet.js";

/** @typedef {import("../support/random.js").Random} Random */

/** At most one of these at a time: each concerns all jobs of a node. */
const NODE_TROUBLES = ["none", "none", "loseTasks", "starve", "poison", "loseNode"];

const NODES = ["n1", "n2"];

testOfSimulator("two looks find exactly what was done to a fleet", async () => {
  /** Troubles that were really tried, over all seeds. @type {Set<string>} */
  const tried = new Set();
  await forEachSeed(60, async (random) => {
    for (const finding of await tryOne(random)) tried.add(/** @type {string} */ (finding.split(" ")[0]));
  });
  if (process.env.SEED !== undefined) return;
  const kinds = [
    "crashing",
    "stalled",
    "no_task",
    "write_failures",
    "rewound",
    "starving",
    "poisoned_document",
    "node_missing",
  ];
  assert.deepEqual(
    kinds.filter((kind) => !tried.has(kind)),
    [],
  );
});

/** @param {Random} random @returns {Promise<string[]>} what had to be found */
async function tryOne(random) {
  const fleet = fleetOn({ nodes: NODES, seed: random.whole(0, 1000) });
  const { simulator, scheduler } = fleet;
  const { clock, provoke } = simulator;
  const sources = Array.from({ length: random.whole(2, 4) }, (_, n) => `source${n}`);
  for (const source of sources) fleet.source(source, random.whole(1, 60));
  /** @type {Map<string, string>} */
  const replications = new Map();
  for (let n = random.whole(4, 12); n > 0; n--) {
    const id = `r${n}`;
    const source = random.pick(sources);
    replications.set(id, source);
    await fleet.replicate(id, {
      source: `http://admin:pass@couch.test/${source}`,
      ...(random.chance(0.2) && { connection_timeout: 20_000 }),
    });
  }
  await fleet.replicate("one-shot", { continuous: false, source: "http://admin:pass@couch.test/source0" });
  await fleet.replicate("without", { use_checkpoints: false, source: "http://admin:pass@couch.test/source0" });
  const busy = random.some(sources);
  fleet.pass(10 * MINUTE, busy);

  /** @type {string[]} */
  const expected = [];
  const nodeTrouble = random.pick(NODE_TROUBLES);
  const lost = random.pick(NODES);
  let nodeOf = await fleet.nodes();
  const jobsOn = (/** @type {string} */ node) => [...nodeOf].filter(([, other]) => other === node).length;
  if (nodeTrouble === "loseTasks") provoke.loseTasks(lost);
  if (nodeTrouble === "loseNode") {
    provoke.loseNode(lost);
    fleet.pass(5 * MINUTE, busy);
    expected.push(`node_missing ${lost}`);
    nodeOf = await fleet.nodes();
  }
  if (nodeTrouble === "starve") provoke.starve(random.whole(1, 2), { node: lost, maxChurn: 0 });
  if (nodeTrouble === "poison") {
    await fleet.replicate("poisoned", { source: "http://admin:pass@couch.test/source0" });
    clock.advance(5 * SECOND);
    nodeOf = await fleet.nodes();
    const node = /** @type {string} */ (nodeOf.get("poisoned"));
    provoke.poison("poisoned");
    nodeOf.delete("poisoned");
    if (jobsOn(node) > 1) expected.push(`poisoned_document ${node}`);
  }

  // Troubles of replications, which those of nodes would hide.
  /** @type {string[]} */
  const rewound = [];
  const troubled = new Set(["one-shot"]);
  if (nodeTrouble !== "starve" && nodeTrouble !== "poison") {
    const hung = random.chance(0.3) ? random.pick(sources) : null;
    if (hung !== null) provoke.hang(hung);
    for (const [id, source] of [...replications, ["without", "source0"]]) {
      if (source === hung) {
        troubled.add(/** @type {string} */ (id));
        expected.push(`crashing ${id}`);
      }
    }
    for (const [id, source] of replications) {
      if (source === hung || random.chance(0.6)) continue;
      const trouble = random.pick(["stick", "refuse", "rewind"]);
      if (trouble === "stick") {
        provoke.stick(id);
        troubled.add(id);
        const hasTask = nodeTrouble !== "loseTasks" || nodeOf.get(id) !== lost;
        // A job that is stuck is missed only if there is something to do.
        fleet.write(source);
        expected.push(`${hasTask ? "stalled" : "no_task"} ${id}`);
      } else if (trouble === "refuse") {
        provoke.refuse(`target-${id}`, () => "refused");
        fleet.write(source, random.whole(1, 5));
        expected.push(`write_failures ${id}`);
      } else rewound.push(id);
    }
  }
  fleet.pass(15 * MINUTE, busy);
  const first = await scheduler.audit();
  for (const id of rewound) {
    provoke.rewind(id);
    expected.push(`rewound ${id}`);
    troubled.add(id);
  }
  fleet.pass(random.whole(121, 500) * SECOND, busy);
  const second = await scheduler.audit({ previous: JSON.parse(JSON.stringify(first.snapshot)) });

  if (nodeTrouble === "loseTasks" && [...nodeOf].some(([id, node]) => node === lost && !troubled.has(id ?? ""))) {
    expected.push(`no_task ${lost}`);
  }
  if (nodeTrouble === "starve") {
    const { jobs } = await scheduler.listJobs();
    for (const { state, doc_id } of jobs) if (state === "pending") expected.push(`starving ${doc_id}`);
  }
  assert.deepEqual(confirmed(second), expected.sort());
  assert.deepEqual(
    second.blind_spots.map(({ what }) => what),
    nodeTrouble === "poison" ? ["documents of _replicator"] : [],
  );
  // What only one look suspects is not among the others, and does not raise an alarm.
  const suspected = second.findings.filter((finding) => !finding.confirmed);
  assert.deepEqual(suspected.filter(({ severity }) => severity !== "info").map(nameOf), []);
  return expected;
}
