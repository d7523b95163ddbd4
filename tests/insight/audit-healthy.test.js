// @ts-check
// audit() of healthy fleets, over hours of the simulator's clock: rotation, restarts, slow ends, idle replications. No look
// may find anything, not even suspect it.

import assert from "node:assert/strict";
import { get, put, send } from "../simulator/requests.js";
import { forEachSeed } from "../support/random.js";
import { testOfSimulator } from "../support/server.js";
import { fleetOn, MINUTE, nameOf, SECOND } from "./audited-fleet.js";

testOfSimulator("a healthy fleet gives no finding, in hours", async () => {
  await forEachSeed(8, async (random) => {
    const rotates = random.chance(0.5);
    const count = random.whole(6, 20);
    const fleet = fleetOn({
      seed: random.whole(0, 1000),
      ...(random.chance(0.5) && { nodes: ["n1", "n2"] }),
      ...(rotates && { maxChurn: random.whole(1, 20) }),
    });
    const { simulator } = fleet;
    const sources = ["source0", "source1", "source2"];
    for (const source of sources) fleet.source(source, random.whole(0, 200));
    if (random.chance(0.5)) simulator.provoke.slowDown("source1", 1);
    for (let n = 0; n < count; n++) {
      await fleet.replicate(`r${n}`, {
        source: `http://admin:pass@couch.test/${random.pick(sources)}`,
        continuous: random.chance(0.9),
        ...(random.chance(0.2) && { use_checkpoints: false }),
        ...(random.chance(0.2) && { selector: { nothing: true } }),
        ...(random.chance(0.2) && { checkpoint_interval: 5000 }),
      });
    }
    await fleet.replicate("elsewhere", { source: "https://far.test/a", target: "https://far.test/b" });
    // Some of the targets that the simulator invents refuse documents.
    const job = simulator.fleet.databases.get("_replicator")?.get("elsewhere")?.replication?.job;
    if (job?.traits.refused !== 0) {
      const { _rev } = await get(simulator, "/_replicator/elsewhere");
      await send(simulator, `/_replicator/elsewhere?rev=${_rev}`, { method: "DELETE" });
    }
    if (rotates) {
      for (const node of simulator.fleet.scheduler.nodes) {
        simulator.provoke.starve(random.whole(3, 5), { node, interval: 20 * SECOND });
      }
    }
    let previous;
    for (let look = 0; look < 40; look++) {
      fleet.pass(random.whole(1, 600) * SECOND, random.some(sources));
      if (random.chance(0.1)) simulator.restart();
      if (random.chance(0.2)) {
        // A neutral switch restarts it.
        const path = `/_replicator/r${random.whole(0, count - 1)}`;
        const { _replication_state, ...document } = await get(simulator, path);
        if (_replication_state === undefined)
          await put(simulator, path, { ...document, cancel: document.cancel ? undefined : false });
      }
      const audit = await fleet.audit({ previous });
      assert.deepEqual(audit.findings.map(nameOf), []);
      assert.deepEqual([audit.verdict, audit.blind_spots], ["ok", []]);
      previous = audit.snapshot;
    }
    const { jobs } = await fleet.scheduler.listJobs();
    const isRotated = jobs.some(({ history }) => history.some(({ type }) => type === "stopped"));
    assert.equal(isRotated, rotates);
  });
});

testOfSimulator("a deleted and created replication is not rewound", async () => {
  const fleet = fleetOn();
  fleet.source("source", 50);
  fleet.source("other", 10);
  await fleet.replicate("r");
  fleet.pass(10 * MINUTE);
  const { snapshot } = await fleet.audit();
  const { _rev } = await get(fleet.simulator, "/_replicator/r");
  await send(fleet.simulator, `/_replicator/r?rev=${_rev}`, { method: "DELETE" });
  await fleet.replicate("r", { source: "http://admin:pass@couch.test/other" });
  fleet.pass(10 * MINUTE);
  assert.deepEqual((await fleet.audit({ previous: snapshot })).findings, []);
});
