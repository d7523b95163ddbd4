// @ts-check
// The URL of a client: what its address is, and which URLs are refused because they are not a server's.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Client } from "couchdb-scheduler";

const SECRET = "hunter2";

test("the address has neither credentials nor a trailing slash", () => {
  for (const [url, address] of /** @type {[string | URL, string][]} */ ([
    ["https://us%C3%A9r:p%40ss@couch.test:6984/behind/a/proxy/", "https://couch.test:6984/behind/a/proxy"],
    [new URL("http://admin@couch.test:5984"), "http://couch.test:5984"],
    ["HTTP://COUCH.test:80//", "http://couch.test"],
    ["http://[::1]:5984/", "http://[::1]:5984"],
    ["http://couch.test/a%40b/", "http://couch.test/a%40b"],
  ])) {
    assert.equal(new Client(url).url, address);
  }
});

test("name and password of a URL are percent-decoded, and sent as HTTP Basic", async () => {
  const fetch = async (/** @type {any} */ _url, /** @type {any} */ init) => {
    assert.equal(new Headers(init.headers).get("authorization"), `Basic ${btoa("us:p@s/ é".replace("é", "Ã©"))}`);
    return Response.json({ couchdb: "Welcome", version: "3.5.2" });
  };
  const { version } = await new Client("http://us:p%40s%2F%20%C3%A9@couch.test", { fetch, retries: 0 }).info();
  assert.equal(version, "3.5.2");
});

test("a URL that is not a server's is refused without repeating it", () => {
  for (const [url, message] of /** @type {[string, RegExp][]} */ ([
    ["", /must be an absolute URL/],
    ["/couchdb", /must be an absolute URL/],
    [`${SECRET}@couch.test`, /must be an absolute URL/],
    [`ftp://${SECRET}@couch.test`, /begins with http/],
    [`http://u:${SECRET}@couch.test/?a=b`, /the server's URL alone/],
    [`http://u:${SECRET}@couch.test/#a`, /the server's URL alone/],
    [`http://u:${SECRET}%ff@couch.test`, /percent-encoded as UTF-8/],
    [`http://admin:${SECRET}/b@couch.test:5984`, /password is percent-encoded/],
    [`http://admin:${SECRET}#b@couch.test:5984`, /password is percent-encoded/],
    [`http://admin:12?${SECRET}@couch.test:5984`, /password is percent-encoded/],
    [`http://admin:12\\${SECRET}@couch.test:5984`, /password is percent-encoded/],
    // As it is written, the host is the text between the first @ and the slash.
    [`http://admin:a@${SECRET}/b@couch.test:5984`, /password is percent-encoded/],
    [`http://admin:a@b.test\\${SECRET}@couch.test:5984`, /password is percent-encoded/],
  ])) {
    assert.throws(
      () => new Client(url),
      (error) => {
        assert.ok(error instanceof TypeError);
        assert.match(error.message, /^new Client: url must be /);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, new RegExp(SECRET));
        return true;
      },
    );
  }
});

test("the password of a URL is masked even where `auth` has another", async () => {
  const fetch = async () =>
    Response.json({ error: "boom", reason: `saw ${SECRET} and other-${SECRET}` }, { status: 400 });
  const client = new Client(`http://u:${SECRET}@couch.test`, {
    auth: { username: "v", password: `other-${SECRET}` },
    fetch,
    retries: 0,
  });
  await assert.rejects(client.info(), (error) => {
    assert.doesNotMatch(String(error), new RegExp(SECRET));
    return true;
  });
});
