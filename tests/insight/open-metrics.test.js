// @ts-check
// The writer of OpenMetrics text, read by a strict reader; and the reader, which must not be lenient.

import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenMetrics } from "../../pkg-template/insight/open-metrics.js";
import { readOpenMetrics } from "../support/open-metrics.js";
import { randomOf } from "../support/random.js";

/** @returns {OpenMetrics<"a" | "b_seconds" | "c">} */
const writer = () =>
  new OpenMetrics("p_", {
    a: { type: "gauge", help: "The a." },
    b_seconds: { type: "gauge", unit: "seconds", help: "The b." },
    c: { type: "counter", help: "The c." },
  });

test("families are in their order, each in one piece, whatever the order of the samples", () => {
  const metrics = writer();
  metrics.set("c", { x: "1" }, 3);
  metrics.set("a", { x: "1", y: "2" }, 0);
  metrics.set("b_seconds", {}, 0.25);
  metrics.set("a", {}, -1);
  metrics.count("c", { x: "2" });
  metrics.count("c", { x: "2" });
  assert.equal(
    String(metrics),
    `# TYPE p_a gauge
# HELP p_a The a.
p_a{x="1",y="2"} 0
p_a -1
# TYPE p_b_seconds gauge
# UNIT p_b_seconds seconds
# HELP p_b_seconds The b.
p_b_seconds 0.25
# TYPE p_c counter
# HELP p_c The c.
p_c_total{x="1"} 3
p_c_total{x="2"} 2
# EOF
`,
  );
  readOpenMetrics(String(metrics));
});

test("what is unknown is absent", () => {
  const metrics = writer();
  for (const value of [null, undefined, "3", Number.NaN, Number.POSITIVE_INFINITY, {}, true, 3n])
    metrics.set("a", {}, value);
  metrics.set("c", {}, -1);
  assert.equal(String(metrics), "# EOF\n");
});

test("a label without a value is absent", () => {
  const metrics = writer();
  metrics.set("a", { x: null, y: "1", z: "" }, 1);
  assert.match(String(metrics), /^p_a\{y="1"\} 1$/m);
});

test("labels of any text, each once", () => {
  const random = randomOf(7);
  const pieces = [
    '"',
    "\\",
    "\n",
    "\\n",
    "{",
    "}",
    ",",
    "=",
    "#",
    " ",
    "a",
    "é",
    "😀",
    "\ud83d",
    "\ude00",
    "\r",
    "\u0000",
    "\u2028",
  ];
  for (let run = 0; run < 200; run++) {
    const metrics = writer();
    /** @type {Map<string, number>} */
    const expected = new Map();
    for (let n = 0; n < 20; n++) {
      const text = Array.from({ length: random.whole(1, 5) }, () => random.pick(pieces)).join("");
      metrics.set("a", { text }, n);
      expected.set(Buffer.from(text).toString(), n);
    }
    const { samples } = readOpenMetrics(String(metrics)).p_a;
    assert.deepEqual(new Map(samples.map(({ labels, value }) => [labels.text, value])), expected);
  }
});

test("the reader refuses what the standard forbids", () => {
  const good = String(writer());
  assert.deepEqual(readOpenMetrics(good), {});
  const family = "# TYPE a gauge\n# HELP a The a.\n";
  for (const text of [
    "",
    "# EOF",
    "# EOF\n\n",
    `${family}a 1\n`,
    "a 1\n# EOF\n",
    `${family}\na 1\n# EOF\n`,
    `${family}b 1\n# EOF\n`,
    `${family}a_total 1\n# EOF\n`,
    `${family}a 1\na 2\n# EOF\n`,
    `${family}a{x="1",y="2"} 1\na{y="2",x="1"} 2\n# EOF\n`,
    `${family}a{x="1",x="2"} 1\n# EOF\n`,
    `${family}a{x="1",} 1\n# EOF\n`,
    `${family}a{x="\\t"} 1\n# EOF\n`,
    `${family}a{x="""} 1\n# EOF\n`,
    `${family}a{x=1} 1\n# EOF\n`,
    `${family}a  1\n# EOF\n`,
    `${family}a one\n# EOF\n`,
    `${family}a 1\n# HELP a The a.\n# EOF\n`,
    `${family}# UNIT a seconds\n# EOF\n`,
    `${family}# TYPE b gauge\nb 1\n# TYPE a gauge\na 1\n# EOF\n`,
    "# TYPE c counter\nc 1\n# EOF\n",
    "# TYPE c counter\nc_total -1\n# EOF\n",
    "# TYPE c countr\n# EOF\n",
  ]) {
    assert.throws(() => readOpenMetrics(text), assert.AssertionError, JSON.stringify(text));
  }
});
