package builder

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"sopan.dev/sopan/builder/cache"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
)

// TestFault24RandomEdits edits a copy of the sample at random, and after each
// edit holds three builds against a clean one: a preview's, which is told what
// changed; one that remembers on the disk, by its short way where it has one; and
// the folder that is written of that. SOPAN_EDITS is how many edits are made (500
// are the full test), SOPAN_SEED which ones.
func TestFault24RandomEdits(t *testing.T) {
	edits, seed := number(t, "SOPAN_EDITS", 12), number(t, "SOPAN_SEED", 24)
	dir, caches := t.TempDir(), t.TempDir()
	for _, part := range []string{"content", "sopan.yaml"} {
		copyTree(t, filepath.Join("..", part), filepath.Join(dir, part))
	}
	moreCourses(t, dir)
	e := editor{r: rand.New(rand.NewPCG(uint64(seed), 0)), dir: dir}
	preview := New()
	out, clean := filepath.Join(t.TempDir(), "public"), filepath.Join(t.TempDir(), "public")
	var memory output.Memory
	var changed []string
	what := "nothing"
	shownQuick, kept, broken := 0, 0, 0
	amended := map[string]int{} // by the kind of the edit
	last := LastBuilt{Memory: &memory, Out: out}
	var lastTold Told
	for n := range edits + 1 {
		fsys := os.DirFS(dir)
		before := preview.last
		shown, diags, err := preview.Build(t.Context(), fsys, Options{Drafts: true, Changed: changed})
		if err != nil {
			t.Fatalf("edit %d (%s): %v", n, what, err)
		}
		if before != nil && preview.last != nil && preview.last.survey == before.survey {
			shownQuick++
		}
		want, wantDiags, err := bundled(preview).Build(t.Context(), fsys, Options{Drafts: true})
		if err != nil {
			t.Fatal(err)
		}
		compareDiags(t, n, what, diags, wantDiags)
		compareSets(t, fmt.Sprintf("edit %d (%s), the preview", n, what), shown.Set, want.Set)

		b := Remembering(cache.Open(caches, dir, "test"), "test")
		o := Options{}
		if _, _, err := b.Unchanged(t.Context(), fsys, o); err != nil {
			t.Fatal(err)
		}
		whole, wantDiags, err := bundled(preview).Build(t.Context(), fsys, o)
		if err != nil {
			t.Fatal(err)
		}
		var quick *Amended
		if n%4 > 0 {
			if quick, err = b.Amend(t.Context(), o, last); err != nil {
				t.Fatal(err)
			}
		}
		var set *output.Set
		var tree *source.Tree
		diags, told, known := last.Diags, lastTold, Known{}
		if quick != nil {
			amended[strings.Fields(what)[0]]++
			tree, known = quick.Tree, quick.Known
			there := false
			if set, there = memory.With(quick.Set); !there {
				t.Errorf("edit %d (%s): the short way makes a file that was not there", n, what)
			}
		} else {
			var result *Result
			if result, diags, err = b.Build(t.Context(), fsys, o); err != nil {
				t.Fatal(err)
			}
			set, tree, told, known = result.Set, result.Tree, result.Told, result.Known
		}
		compareDiags(t, n, what, diags, wantDiags)
		if whole.Told != told {
			t.Errorf("edit %d (%s): told %v, want %v", n, what, told, whole.Told)
		}
		b.Keep(tree, NameOf(tree))()
		if broken++; !diags.HasErrors() {
			broken = 0
			r, err := output.WriteDir(t.Context(), set, out, output.Options{Memory: &memory, Spare: filepath.Join(caches, "spare")})
			if err != nil {
				t.Fatal(err)
			}
			last.Sources, last.Diags, last.Known, lastTold = NameOf(tree), diags, known, told
			kept += r.Kept
			if err := os.RemoveAll(clean); err != nil {
				t.Fatal(err)
			}
			if _, err := output.WriteDir(t.Context(), whole.Set, clean, output.Options{}); err != nil {
				t.Fatal(err)
			}
			compareFolders(t, fmt.Sprintf("edit %d (%s)", n, what), out, clean)
			if quick != nil {
				long, _, err := Remembering(cache.Open(caches, dir, "test"), "test").Build(t.Context(), fsys, o)
				if err != nil {
					t.Fatal(err)
				}
				compareKeys(t, fmt.Sprintf("edit %d (%s)", n, what), long, &memory, known)
			}
		}
		if t.Failed() {
			t.Fatalf("SOPAN_SEED=%d", seed)
		}
		what, changed = e.edit(t)
		if broken > 3 { // a site with errors is not written: the folder must be tried again
			what, changed = "all as it was", e.heal(t)
		}
	}
	t.Logf("%d of %d edits were shown the short way, %v were built by it; %d files were kept", shownQuick, edits, amended, kept)
	if edits > 8 && (shownQuick == 0 || len(amended) == 0 || kept == 0) {
		t.Error("no edit was built the short way: the test shows nothing")
	}
}

// moreCourses adds a course to the sample that speaks of it, and shares a
// drawing with it, and one that stands by itself.
func moreCourses(t *testing.T, dir string) {
	t.Helper()
	writeDown(t, dir, map[string]string{
		"static/both.svg":                  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10z"/></svg>`,
		"content/second/index.md":          "---\ntitle: Second\n---\nAfter [the first](../mission-karmayogi/index.md).\n",
		"content/second/10-a/index.md":     "---\ntitle: Part\n---\nWords.\n",
		"content/second/10-a/10-one.md":    "---\ntitle: One\n---\nWords, ![a drawing](/both.svg) and [two](20-two.md#there).\n\n```quiz\n- {id: a, ask: Is it?, right: true}\n```\n",
		"content/second/10-a/10-one.hi.md": "---\ntitle: एक\n---\nशब्द\n",
		"content/second/10-a/20-two.md":    "---\ntitle: Two\n---\nWords.\n\n## There\n\nMore.\n\n:::include{file=\"/shared/written-receipt.md\"}\n:::\n",
		"content/third/index.md":           "---\ntitle: Third\n---\nWords.\n",
		"content/third/10-a/10-one.md":     "---\ntitle: One\n---\nWords, ![a drawing](/both.svg) and [two](20-two.md#there).\n",
		"content/third/10-a/20-two.md":     "---\ntitle: Two\n---\nWords.\n\n## There\n\nMore.\n\n:::include{file=\"/shared/written-receipt.md\"}\n:::\n",
		"content/third/10-a/20-two.hi.md":  "---\ntitle: दो\n---\nशब्द\n\n## वहाँ {#there}\n",
		"content/third/20-b.quiz.yaml":     "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true, reread: a/one}\n",
		"content/second/20-b.quiz.yaml":    "title: Check\nquestions:\n- {id: a, ask: Is it?, right: true}\n- {id: b, ask: Which?, right: this, wrong: [that]}\n",
	})
}

// bundled is a new Builder that remembers the scripts and styles of another
// one, which take longer than all the rest and which no edit changes here.
func bundled(b *Builder) *Builder {
	out := New()
	for k, v := range b.memo.made {
		if k.stage == "bundle" {
			out.memo.made[k] = v
		}
	}
	return out
}

func number(t *testing.T, name string, otherwise int) int {
	t.Helper()
	if s := os.Getenv(name); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return n
	}
	return otherwise
}

func copyTree(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, _ := filepath.Rel(from, p)
		if d.IsDir() {
			return os.MkdirAll(filepath.Join(to, rel), 0o755)
		}
		b, err := os.ReadFile(p)
		if err != nil {
			return err
		}
		return os.WriteFile(filepath.Join(to, rel), b, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func compareDiags(t *testing.T, n int, what string, got, want diag.List) {
	t.Helper()
	if !(len(got) == 0 && len(want) == 0) && !reflect.DeepEqual(got, want) {
		t.Errorf("edit %d (%s): diagnostics\n%v\nwant\n%v", n, what, got, want)
	}
}

func compareSets(t *testing.T, what string, got, want *output.Set) {
	t.Helper()
	if !slices.Equal(got.Paths(), want.Paths()) {
		t.Errorf("%s: other files than in a clean build", what)
		return
	}
	for _, p := range want.Paths() {
		a, err1 := got.Open(p)
		b, err2 := want.Open(p)
		if fmt.Sprint(err1) != fmt.Sprint(err2) || !bytes.Equal(a, b) {
			t.Errorf("%s: %s is not as in a clean build (%v, %v)", what, p, err1, err2)
		}
	}
}

func compareFolders(t *testing.T, what, got, want string) {
	t.Helper()
	a, b := filesBelow(t, got), filesBelow(t, want)
	for name := range maps.Keys(b) {
		if a[name] != b[name] {
			t.Errorf("%s: %s in the output is not as in a clean build", what, name)
		}
		delete(a, name)
	}
	for name := range a {
		t.Errorf("%s: %s stands in the output, and in no clean build", what, name)
	}
}

func filesBelow(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(dir, p))
		out[p] = string(b)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// editor changes files of a site as authors do.
type editor struct {
	r       *rand.Rand
	dir     string
	n       int
	removed map[string][]byte
}

// heal puts the sample back, and names the files that may be others than before.
func (e *editor) heal(t *testing.T) (changed []string) {
	t.Helper()
	content := filepath.Join(e.dir, "content")
	for p := range filesBelow(t, content) {
		changed = append(changed, "content/"+p)
	}
	if err := os.RemoveAll(content); err != nil {
		t.Fatal(err)
	}
	copyTree(t, filepath.Join("..", "content"), content)
	moreCourses(t, e.dir)
	for p := range filesBelow(t, content) {
		changed = append(changed, "content/"+p)
	}
	slices.Sort(changed)
	e.removed = nil
	return slices.Compact(changed)
}

// edit makes one change; it says what it was and which files it touched.
func (e *editor) edit(t *testing.T) (what string, changed []string) {
	t.Helper()
	e.n++
	var texts []string
	for p := range filesBelow(t, filepath.Join(e.dir, "content")) {
		if ext := path.Ext(p); ext == ".md" || ext == ".yaml" {
			texts = append(texts, "content/"+p)
		}
	}
	slices.Sort(texts)
	file := texts[e.r.IntN(len(texts))]
	full := filepath.Join(e.dir, file)
	b, err := os.ReadFile(full)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(b), "\n")
	word := fmt.Sprintf("word%d", e.n)
	kind := e.r.IntN(12)
	switch {
	case kind == 0 && len(e.removed) > 0:
		file = slices.Sorted(maps.Keys(e.removed))[0]
		full, lines = filepath.Join(e.dir, file), strings.Split(string(e.removed[file]), "\n")
		delete(e.removed, file)
		what = "brought back"
	case kind == 1 && path.Base(file) != "index.md":
		if e.removed == nil {
			e.removed = map[string][]byte{}
		}
		e.removed[file] = b
		if err := os.Remove(full); err != nil {
			t.Fatal(err)
		}
		return "removed " + file, []string{file}
	case kind <= 3: // another title
		what = "title of"
		for i, l := range lines {
			if strings.HasPrefix(l, "title:") {
				lines[i] = "title: Title " + word
				break
			}
		}
	case kind == 4 && strings.HasSuffix(file, ".md"):
		what = "heading in"
		lines = append(lines, "", "## Heading "+word, "", "Words.")
	case kind == 5 && strings.HasSuffix(file, ".md"):
		what = "link in"
		to := texts[e.r.IntN(len(texts))]
		lines = append(lines, "", "See [this]("+strings.Repeat("../", strings.Count(path.Dir(file), "/")+1)+to+").", "")
	case kind == 6:
		what = "line gone from"
		i := e.r.IntN(len(lines))
		lines = slices.Delete(lines, i, i+1)
	case kind >= 10 && strings.HasSuffix(file, ".md"):
		facts := []string{"summary: " + word, "minutes: " + strconv.Itoa(e.n), "status: review", "status: draft", "id: " + word, "aliases: [" + word + ".html]",
			"competencies: [\"Problem Solving, level 1\"]", "as_of: 2026-01-01", "keywords: [" + word + "]"}
		fact := facts[e.r.IntN(len(facts))]
		name, _, _ := strings.Cut(fact, ":")
		what = name + " of"
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, name+":") })
		lines = slices.Insert(lines, 1, fact)
	case strings.HasSuffix(file, ".yaml"):
		what = "words in"
		for i, l := range lines {
			if at := strings.Index(l, "ask: "); at >= 0 && !strings.HasSuffix(l, "|") && e.r.IntN(3) == 0 {
				lines[i] = l + " " + word
				break
			}
		}
	default:
		what = "words in"
		lines = append(lines, "", "Some more "+word+" of it, "+strings.Repeat("and more ", e.r.IntN(300))+".")
	}
	if err := os.WriteFile(full, []byte(strings.Join(lines, "\n")), 0o644); err != nil {
		t.Fatal(err)
	}
	return what + " " + file, []string{file}
}
