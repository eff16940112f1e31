import { equal, ok, test } from "../testing";
import { packed, type KnownData, type State } from "./pack";
import { course, dice } from "./pack_testing";
import { plain } from "./plain";

const untitled = (rows: Map<string, unknown> | undefined): [string, unknown][] => [...(rows ?? [])].sort().map(([key, value]) => {
  const { title: _, ...rest } = Array.isArray(value) ? { value } as { title?: string } : value as { title?: string };
  return [key, rest];
});

/** What the shell's boot script does, and how often it was asked. */
async function withScript(comes: boolean, use: (asked: () => number) => Promise<void>): Promise<void> {
  let asked = 0;
  const before = window.sopanBoot;
  window.sopanBoot = { load: async () => {
    asked++;
    if (comes) window.sopanPacker = packed;
    return comes;
  } } as unknown as typeof window.sopanBoot;
  try {
    await use(() => asked);
  } finally {
    window.sopanBoot = before;
    delete window.sopanPacker;
  }
}

const settled = (): Promise<unknown> => new Promise((done) => setTimeout(done));

test("SCORM 2004: a notebook that has room is told as it is and comes back whole, with its times, and no packer is asked for", () =>
  withScript(false, async (asked) => {
    for (let seed = 1; seed <= 5; seed++) {
      const { data, state } = course(seed, 40, 60);
      const notes = plain(data, undefined, "packer.js");
      const written = notes.write(state, 64_000);
      ok(/^[\w%.@*+/-]+$/.test(written?.text ?? ""), `seed ${seed}: ${written?.text.slice(0, 80)}`);
      const back = await notes.read(written?.text ?? "");
      equal([written?.left, back?.attempt, back?.revision], [[], state.attempt, state.revision], `seed ${seed}`);
      equal(untitled(back?.rows), untitled(state.rows), `seed ${seed}`);
    }
    equal(asked(), 0);
  }));

test("SCORM 2004: what does not fit is packed, by a script that is asked for before it has to be there", () =>
  withScript(true, async (asked) => {
    const { data, state } = course(3, 60, 700);
    const half = plain(data, undefined, "packer.js");
    const some: State = { ...state, rows: new Map([...state.rows].slice(0, 300)) };
    const size = half.write(some, 1e9)?.text.length ?? 0;
    equal([asked(), half.write(some, size * 1.5)?.text.length], [0, size]);
    await settled();
    equal(asked(), 1);
    const { text = "", left } = half.write(state, size * 1.5) ?? {};
    ok(text.startsWith("1") && text.length < size, `${text.length} characters`);
    equal(left, []);
    // The next launch knows both forms.
    const back = await plain(data, undefined, "packer.js").read(text);
    equal([back?.attempt, back?.revision, back?.rows.size], [state.attempt, state.revision, state.rows.size]);
  }));

test("SCORM 2004: where the packer does not come, nothing is told that is not whole, and what is packed is not taken for nothing", () =>
  withScript(false, async (asked) => {
    const { data, state } = course(3, 60, 300);
    const notes = plain(data, undefined, "packer.js");
    equal(notes.write(state, 4096), undefined);
    await settled();
    equal(asked(), 1);
    const text = packed(data).write(state, 64_000)?.text ?? "";
    const later = window.setTimeout;
    window.setTimeout = ((run: () => void) => later(run)) as typeof setTimeout;
    try {
      ok(await Promise.resolve(notes.read(text)).then(() => false, () => true), "a packed notebook was read without the packer");
    } finally {
      window.setTimeout = later;
    }
    equal(asked(), 7, "the packer is asked for again while the learner waits");
  }));

test("SCORM 1.2: 4,096 characters hold a short course as it is; a longer one is packed, and told when the packer has come", () =>
  withScript(true, async (asked) => {
    const { data, state } = course(5, 60, 300);
    let came = 0;
    const notes = plain(data, undefined, "packer.js", () => came++);
    const short: State = { ...state, rows: new Map([...state.rows].slice(0, 9)) };
    ok(notes.write(short, 4096)?.text.startsWith("%7B") === true, "a short notebook is not written as it is");
    equal(notes.write(state, 4096), undefined);
    await settled();
    equal([asked(), came], [1, 1]);
    const { text = "" } = notes.write(state, 4096) ?? {};
    ok(text.startsWith("1") && text.length <= 4096, `${text.length} characters`);
    const back = await plain(data, undefined, "packer.js").read(text);
    equal([back?.attempt, back?.revision], [state.attempt, state.revision]);
    // What an earlier release of the package left is packed, however short it is.
    const before = packed(data).write(short, 4096)?.text ?? "";
    equal((await plain(data, undefined, "packer.js").read(before))?.rows.size, short.rows.size);
  }));

test("An LMS that reads a notebook as part of an address hands it back decoded, and it is known all the same", () =>
  withScript(false, async () => {
    const { data, state } = course(3, 10, 20);
    const notes = plain(data);
    const back = await notes.read(unescape(notes.write(state, 64_000)?.text ?? ""));
    equal(back?.rows.size, state.rows.size);
  }));

test("SCORM 2004: a notebook that was cut off or is another's is none", () =>
  withScript(true, async () => {
    const { data, state } = course(3, 10, 20);
    const notes = plain(data, undefined, "packer.js");
    const text = notes.write(state, 64_000)?.text ?? "";
    const random = dice(4);
    for (let i = 0; i < 50; i++) equal(await notes.read(text.slice(0, random(text.length))), null, String(i));
    for (const foreign of ["", "{}", "bookmark=3", "%7B%22a%22%3A1%7D"]) equal(await notes.read(foreign), null, foreign);
  }));

test("SCORM 2004: a module's package keeps the rows of its own items", async () => {
  const data: KnownData = { v: 1, items: { a: { "item a": [] }, b: { "item b": [] } } };
  const notes = plain(data, ["a"], "");
  const rows = new Map<string, unknown>([["item a", { state: "done" }], ["item b", { state: "done" }], ["course", {}]]);
  const back = await notes.read(notes.write({ attempt: 1, revision: 2, rows }, 64_000)?.text ?? "");
  equal([...(back?.rows.keys() ?? [])].sort(), ["course", "item a"]);
  equal([notes.knows("item a"), notes.knows("item b")], [true, false]);
});
