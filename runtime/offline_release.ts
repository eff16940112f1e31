/**
 * A release of a course in one language: every file that it takes to study without a network, with size and SHA-256. The
 * build writes it to assets/offline/COURSE.LANG.json (Go: builder/page/offline.go). Free of DOM and network.
 */
import { list, number, row, text } from "./json";

export interface Listed {
  /** From the site's root, not percent-encoded. */
  path: string;
  /** In bytes. 0 where another file with this sum is answered in its stead: a photograph in a width that is not kept. */
  size: number;
  /** In hexadecimal digits. */
  sha256: string;
}

export interface Release {
  /** The sum of the list itself: two releases with the same name hold the same bytes. */
  release: string;
  files: Listed[];
}

/** Where the lists of releases stand. */
export const lists = "assets/offline/";

/** What the build wrote. A site can outlive the worker that reads it: an unknown shape is an error and nothing is kept. */
export function parseList(value: unknown): Release {
  const data = row(value, "a release");
  if (data["sopan_offline"] !== 1) throw new Error("a release of another version");
  return parseRelease(data);
}

export function parseRelease(value: unknown): Release {
  const data = row(value, "a release");
  return {
    release: text(data["release"], "a release's name"),
    files: list(data["files"]).map((one) => {
      const [path, size, sum] = list(one);
      return { path: text(path, "a path"), size: number(size, "a size"), sha256: text(sum, "a sum") };
    }),
  };
}

/** A release as it is kept: the shape of the build's list again. */
export function written(release: Release): unknown {
  return { release: release.release, files: release.files.map((file) => [file.path, file.size, file.sha256]) };
}

/** What comes first where there is little room: 0 text and what it needs, 1 pictures and downloads, 2 films and sound. */
export function turn(path: string): 0 | 1 | 2 {
  if (/\.(html|css|js|json|vtt|txt|svg|xml|webmanifest)$/i.test(path)) return 0;
  return /\.(mp4|m4v|webm|ogv|mov|mp3|m4a|aac|oga|ogg|opus|wav)$/i.test(path) ? 2 : 1;
}

/** The files that are fetched, each sum once; with or without films. */
export function chosen(release: Release, films: boolean): Listed[] {
  const bySum = new Map<string, Listed>();
  for (const file of release.files) {
    const other = bySum.get(file.sha256);
    if ((films || turn(file.path) !== 2) && (!other || other.size < file.size)) bySum.set(file.sha256, file);
  }
  return [...bySum.values()];
}

export interface Weight {
  bytes: number;
  pages: number;
  others: number;
  films: number;
  filmBytes: number;
}

export function weigh(files: Listed[]): Weight {
  const sum: Weight = { bytes: 0, pages: 0, others: 0, films: 0, filmBytes: 0 };
  for (const { path, size } of files) {
    const is = turn(path);
    sum.bytes += size;
    if (path.endsWith(".html")) sum.pages++;
    if (is === 1) sum.others++;
    if (is === 2) {
      sum.films++;
      sum.filmBytes += size;
    }
  }
  return sum;
}
