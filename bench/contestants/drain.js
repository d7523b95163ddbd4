// @ts-check
// The lower bound: receives the response and discards it.

/** @type {import("./index.js").Connect} */
export function connect(url, { username, password }) {
  const headers = { accept: "application/json", authorization: `Basic ${btoa(`${username}:${password}`)}` };
  return {
    async summary() {
      const response = await fetch(`${url}/_scheduler/docs/_replicator`, { headers });
      const reader = /** @type {ReadableStream<Uint8Array>} */ (response.body).getReader();
      let bytes = 0;
      for (let read = await reader.read(); !read.done; read = await reader.read()) bytes += read.value.length;
      return { bytes };
    },
  };
}
