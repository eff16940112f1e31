import { equal, ok, test } from "./testing";
import { uuid4 } from "./uuid";
import { sha1, uuid5 } from "./uuid5";

test("SHA-1 agrees with the browser's own for every length around a block", async () => {
  for (const n of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const message = Array.from({ length: n }, (_, i) => (i * 7 + n) & 255);
    const want = Array.from(new Uint8Array(await crypto.subtle.digest("SHA-1", new Uint8Array(message))));
    equal(Array.from(sha1(message)), want, `${n} bytes`);
  }
});

test("a derived UUID is the one that RFC 9562 derives", () => {
  equal(uuid5("6ba7b810-9dad-11d1-80b4-00c04fd430c8", "www.example.com"), "2ed6657d-e927-568b-95e1-2665a8aea6a2");
});

test("a derived UUID takes names in any script", () => {
  ok(uuid5(uuid4(), "सोपान").length === 36, "no UUID");
});

test("without randomUUID and getRandomValues a random id is still a v4 UUID, and never the same twice", () => {
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) seen.add(uuid4());
  equal(seen.size, 200);
  const held = crypto.getRandomValues;
  Object.defineProperty(crypto, "getRandomValues", { value: undefined, configurable: true });
  try {
    for (let i = 0; i < 200; i++) seen.add(uuid4());
  } finally {
    Object.defineProperty(crypto, "getRandomValues", { value: held, configurable: true });
  }
  equal(seen.size, 400);
  for (const id of seen) ok(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id), `${id} is no v4`);
});
