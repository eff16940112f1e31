// Package mutate breaks texts, the same way each time. Sound texts go in, which are a fuzz target's seeds; out comes a fixed
// number of broken ones: pieces deleted, doubled, moved, cut off, repeated until they nest deeply, and signs put in that readers
// stumble over. The numbers that decide come from a generator with a fixed start, so that `go test` reads the same inputs on
// every machine, and a test that fails does so because of a change and not by luck. The search for inputs that nobody thought
// of is that of `make fuzz`.
//
// It is for tests alone, and knows nothing of the formats that it breaks.
package mutate

import (
	"bytes"
	"flag"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Most is how long a text may grow, in bytes. A seed that is longer does not.
const Most = 64 << 10

const small = 2 << 10

// Add gives a fuzz target its seeds, and n texts made of them. A search begins with the small ones alone: in the time of a
// large one it tries a thousand.
func Add[T string | []byte](f *testing.F, n int, seeds ...T) {
	f.Helper()
	for _, s := range seeds {
		f.Add(s)
	}
	target := flag.Lookup("test.fuzz")
	searching := target != nil && target.Value.String() != ""
	for _, s := range Of(f, n, seeds...) {
		if !searching || len(s) <= small {
			f.Add(s)
		}
	}
}

// Of gives n broken texts made of the seeds. The same seeds in the same order give the same texts; SOPAN_SEED, a number,
// chooses other ones.
func Of[T string | []byte](t testing.TB, n int, seeds ...T) []T {
	t.Helper()
	if len(seeds) == 0 {
		t.Fatal("there is no seed to break")
	}
	b := breaker{random: rand.New(rand.NewPCG(start(t), 0))}
	for _, s := range seeds {
		b.seeds = append(b.seeds, []byte(s))
	}
	out := make([]T, n)
	for i := range out {
		// Each seed in turn, so that few mutations still reach many seeds.
		text := slices.Clone(b.seeds[i%len(seeds)])
		most := max(Most, len(text))
		// Half of the texts are broken once: what is broken at many places is often refused for the first.
		for again := true; again; again = b.random.IntN(2) == 0 {
			text = b.one(text)
		}
		out[i] = T(text[:min(len(text), most)])
	}
	return out
}

func start(t testing.TB) uint64 {
	given := os.Getenv("SOPAN_SEED")
	if given == "" {
		return 1
	}
	// Other tests take several numbers; the first one counts here.
	first, _, _ := strings.Cut(given, ",")
	n, err := strconv.ParseUint(first, 10, 64)
	if err != nil {
		t.Fatalf("SOPAN_SEED=%s: %v", given, err)
	}
	return n
}

type breaker struct {
	random *rand.Rand
	seeds  [][]byte
}

// one breaks a text once.
func (b *breaker) one(text []byte) []byte {
	from, to := b.span(text)
	piece := text[from:to]
	switch b.random.IntN(12) {
	case 0: // deleted
		return slices.Concat(text[:from], text[to:])
	case 1: // doubled
		return slices.Concat(text[:to], piece, text[to:])
	case 2: // moved to somewhere else, perhaps into itself
		rest := slices.Concat(text[:from], text[to:])
		at := b.place(rest)
		return slices.Concat(rest[:at], piece, rest[at:])
	case 3: // cut off
		return slices.Clone(text[:from])
	case 4: // repeated
		return slices.Concat(text[:to], b.often(piece), text[to:])
	case 5: // nested: a sign many times before a piece, and what closes it behind, as often or not at all
		open, end := b.pair()
		n := 1 + b.random.IntN(b.random.IntN(2000)+1)
		if b.random.IntN(2) == 0 {
			end = ""
		}
		return slices.Concat(text[:from], bytes.Repeat([]byte(open), n), piece, bytes.Repeat([]byte(end), n), text[to:])
	case 6: // another byte
		if len(text) == 0 {
			return []byte{byte(b.random.Uint32())}
		}
		out := slices.Clone(text)
		out[b.random.IntN(len(out))] = byte(b.random.Uint32())
		return out
	case 7: // the end of another text
		other := b.seeds[b.random.IntN(len(b.seeds))]
		return slices.Concat(text[:from], other[b.place(other):])
	case 8: // other ends of lines
		ends := []string{"\r\n", "\r", "\n\n", "\n ", "\n\t", "\n- ", "\n> ", "\u2028", "\u0085"}
		return slices.Concat(text[:from], bytes.ReplaceAll(piece, []byte("\n"), []byte(ends[b.random.IntN(len(ends))])), text[to:])
	case 9: // a sign in a piece's place
		return slices.Concat(text[:from], []byte(b.sign()), text[to:])
	default: // a sign put in
		return slices.Concat(text[:from], []byte(b.sign()), text[from:])
	}
}

// often repeats a piece, mostly a few times, at times until the text is as long as it may be.
func (b *breaker) often(piece []byte) []byte {
	n := 2 + b.random.IntN(8)
	if b.random.IntN(4) == 0 {
		n = 2 + b.random.IntN(1+Most/max(1, len(piece)))
	}
	return bytes.Repeat(piece, n)
}

// span chooses a piece of a text: a few bytes, which may begin and end within a letter; a line; or several lines.
func (b *breaker) span(text []byte) (from, to int) {
	from = b.place(text)
	switch b.random.IntN(3) {
	case 0:
		return from, min(len(text), from+b.random.IntN(40))
	case 1:
		from = bytes.LastIndexByte(text[:from], '\n') + 1
		return from, endOfLine(text, from)
	default:
		from = bytes.LastIndexByte(text[:from], '\n') + 1
		to = from
		for range 2 + b.random.IntN(6) {
			to = endOfLine(text, to)
		}
		return from, to
	}
}

// endOfLine is the place behind the end of the line that place at is in.
func endOfLine(text []byte, at int) int {
	if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(text)
}

// place chooses a place in a text: any, or one before or behind a line's end, where most of a format is decided.
func (b *breaker) place(text []byte) int {
	at := b.random.IntN(len(text) + 1)
	switch b.random.IntN(3) {
	case 0:
		return bytes.LastIndexByte(text[:at], '\n') + 1
	case 1:
		if n := bytes.IndexByte(text[at:], '\n'); n >= 0 {
			return at + n
		}
	}
	return at
}

func (b *breaker) sign() string {
	if n := b.random.IntN(len(signs) + 1); n < len(signs) {
		return signs[n]
	}
	// A very long line.
	return strings.Repeat([]string{"x", "अ", "[", " ", "- ", "a:"}[b.random.IntN(6)], 1+b.random.IntN(10_000))
}

func (b *breaker) pair() (open, end string) {
	p := pairs[b.random.IntN(len(pairs))]
	return p[0], p[1]
}
