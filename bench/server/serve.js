// @ts-check
// The part of an HTTP server that a benchmark needs: GET over persistent connections. Responses are prepared
// bytes, so sending them costs almost nothing.

import { once } from "node:events";
import { createServer } from "node:net";

/**
 * @typedef {import("../../simulator/protocol/http.js").SimRequest} SimRequest
 *
 * @callback Answer
 * @param {SimRequest} request
 * @returns {Promise<Uint8Array[]>} head and body, as sent
 */

/**
 * @param {Answer} answer
 * @returns {Promise<string>} its URL
 */
export async function serve(answer) {
  const server = createServer({ noDelay: true }, (socket) => {
    let received = "";
    let turn = Promise.resolve();
    // A client may disconnect during a response.
    socket.on("error", () => {});
    socket.setEncoding("latin1");
    socket.on("data", (text) => {
      received += text;
      for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
        const request = parse(received.slice(0, end));
        received = received.slice(end + 4);
        turn = turn.then(async () => {
          const pieces = await answer(request);
          socket.cork();
          for (const piece of pieces) socket.write(piece);
          socket.uncork();
        });
      }
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;
}

/** @param {string} head @returns {SimRequest} */
function parse(head) {
  const [first = "", ...lines] = head.split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    headers.append(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { method, url: new URL(`http://127.0.0.1${path}`), headers, text: async () => "" };
}
