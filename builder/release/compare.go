package release

import (
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"

	"sopan.dev/sopan/internal/diag"
)

// Tally counts the questions of a comparison.
type Tally struct{ Kept, New, Changed, Retired int }

// String sums a comparison up: "12 questions kept, 2 new, 1 changed, 1 retired".
func (t Tally) String() string {
	questions := "questions"
	if t.Kept == 1 {
		questions = "question"
	}
	return fmt.Sprintf("%d %s kept, %d new, %d changed, %d retired", t.Kept, questions, t.New, t.Changed, t.Retired)
}

// Places turns offsets in a file into positions. A file that cannot be read
// gives the file as a whole.
type Places func(file string, start, end int) (diag.Pos, diag.Pos)

// Compare says what changes for a learner who began with the old release when
// the new one takes its place. What is lost is a warning, what is only other a
// note.
func Compare(old, now *Lock, places Places) (Tally, diag.List) {
	c := &comparison{places: places}
	for _, key := range slices.Sorted(maps.Keys(old.Courses)) {
		items, there := now.Courses[key]
		if !there {
			c.courseGone(key, old, now)
			continue
		}
		c.course(old.Courses[key], items)
	}
	for _, key := range slices.Sorted(maps.Keys(now.Courses)) {
		if _, there := old.Courses[key]; !there {
			for _, i := range now.Courses[key] {
				c.tally.New += len(i.Questions)
			}
		}
	}
	return c.tally, c.diags.Sort()
}

type comparison struct {
	places Places
	tally  Tally
	diags  diag.List
}

func (c *comparison) say(s diag.Severity, p place, code, message, hint string) *diag.Diagnostic {
	start, end := c.places(p.file, p.start, p.end)
	c.diags = append(c.diags, diag.Diagnostic{Start: start, End: end, Severity: s, Code: code, Message: message, Hint: hint})
	return &c.diags[len(c.diags)-1]
}

func (c *comparison) courseGone(key string, old, now *Lock) {
	var fresh []string
	for k := range now.Courses {
		if old.Courses[k] == nil {
			fresh = append(fresh, k)
		}
	}
	at := place{file: File}
	items := old.Courses[key]
	for _, k := range slices.Sorted(maps.Keys(items)) {
		if at.start == 0 {
			at = items[k].at
		}
		c.tally.Retired += len(items[k].Questions)
	}
	hint := "If it has another name now, write `id: " + key + "` in the front matter of its `index.md`. If it is meant to go, the next release forgets it."
	if near := diag.Nearest(key, fresh); near != "" {
		hint = "If it is `" + near + "` now, write `id: " + key + "` in the front matter of its `index.md`."
	}
	c.say(diag.Warning, at, "lock/course-gone", "The course `"+key+"` of the last release is gone. Learners' progress in it is not found again.", hint)
}

func (c *comparison) course(old, now map[string]*Item) {
	var fresh []string // new items
	for _, key := range slices.Sorted(maps.Keys(now)) {
		if old[key] == nil {
			fresh = append(fresh, key)
			c.tally.New += len(now[key].Questions)
			c.say(diag.Note, now[key].at, "lock/new-item", "This "+now[key].Type+" is new since the last release.", "")
		}
	}
	for _, key := range slices.Sorted(maps.Keys(old)) {
		was, is := old[key], now[key]
		if is == nil {
			c.itemGone(key, was, fresh, now)
			continue
		}
		c.questions(was, is)
	}
}

// itemGone looks for what the item may be called now: its questions, its own
// name in another module, or a name like its own tell.
func (c *comparison) itemGone(key string, was *Item, fresh []string, now map[string]*Item) {
	c.tally.Retired += len(was.Questions)
	same, best := "", 0
	var alike []string
	for _, k := range fresh {
		if now[k].Type != was.Type {
			continue
		}
		alike = append(alike, k)
		shared := 0
		for id := range was.Questions {
			if now[k].Questions[id] != nil {
				shared++
			}
		}
		if path.Base(k) == path.Base(key) {
			shared++
		}
		if shared > best {
			same, best = k, shared
		}
	}
	if same == "" {
		same = diag.Nearest(key, alike)
	}
	lost := "Learners who had done it find it undone."
	if len(was.Questions) > 0 {
		lost = "Learners' answers in it are not found again."
	}
	if was.Type == "module" || was.Type == "course" {
		c.say(diag.Note, was.at, "lock/item-gone", "The introduction of `"+key+"` has no questions any more.", "")
		return
	}
	message := "The " + was.Type + " `" + key + "` of the last release is gone. " + lost
	if same == "" {
		c.say(diag.Warning, was.at, "lock/item-gone", message, "Bring it back, or let it go: the next release forgets it.")
		return
	}
	hint := "If `" + same + "` is the same, give it the old key: "
	switch module, name := path.Split(key); {
	case path.Dir(same) != path.Dir(key) && module == "":
		hint += "move it back into the course's folder."
	case path.Dir(same) != path.Dir(key):
		hint += "move it back, or write `id: " + strings.TrimSuffix(module, "/") + "` in the front matter of its module's `index.md`."
	case was.Type == "quiz":
		hint += "name its file `" + name + ".quiz.yaml` again; a number in front makes no difference."
	default:
		hint += "write `id: " + name + "` in its front matter."
	}
	c.say(diag.Warning, now[same].at, "lock/item-gone", message, hint)
}

func (c *comparison) questions(was, is *Item) {
	var fresh []string
	for _, id := range slices.Sorted(maps.Keys(is.Questions)) {
		if was.Questions[id] == nil {
			fresh = append(fresh, id)
		} else if c.question(id, was.Questions[id], is.Questions[id]) {
			c.tally.Changed++
		} else {
			c.tally.Kept++
		}
	}
	renamed := map[string]bool{}
	for _, id := range slices.Sorted(maps.Keys(was.Questions)) {
		if is.Questions[id] != nil {
			continue
		}
		c.tally.Retired++
		if to := likely(id, was, is, fresh); to != "" && !renamed[to] {
			renamed[to] = true
			c.say(diag.Warning, is.Questions[to].at, "lock/renamed", "The question `"+to+"` is new, and `"+id+"` of the last release is gone. If it is the same question, learners' answers to it are lost.",
				"Write `id: "+id+"` to keep them.")
			continue
		}
		d := c.say(diag.Note, was.Questions[id].at, "lock/retired", "The question `"+id+"` of the last release is gone. Records of it stay as they are.", "")
		d.Related = []diag.Related{{Pos: diag.Pos{File: is.at.file}, Message: "it stood here"}}
	}
	c.tally.New += len(fresh)
	for _, id := range fresh {
		if !renamed[id] {
			c.say(diag.Note, is.Questions[id].at, "lock/new", "The question `"+id+"` is new since the last release.", "")
		}
	}
}

// likely gives the new question that an old one has become: the same words,
// else the same key, else a name like its own.
func likely(id string, was, is *Item, fresh []string) string {
	old := was.Questions[id]
	for _, k := range fresh {
		if is.Questions[k].Ask == old.Ask {
			return k
		}
	}
	for _, k := range fresh {
		// Many statements are true: that two are tells nothing.
		if q := is.Questions[k]; old.Key != "" && q.Key == old.Key && len(old.Choices) > 0 && slices.Equal(q.Choices, old.Choices) {
			return k
		}
	}
	return diag.Nearest(id, fresh)
}

// question says what changed in a question.
func (c *comparison) question(id string, was, is *Question) (changed bool) {
	if was.Kind != is.Kind {
		c.say(diag.Warning, is.at, "lock/kind-changed", "The question `"+id+"` is of another kind than in the last release. Answers given before do not fit it any more.",
			"Give it a new `id`, so that old answers stay with the old question.")
		return true
	}
	if was.Key != is.Key {
		changed = true
		c.say(diag.Warning, is.at, "lock/key-changed", "What is right in the question `"+id+"`, or what it earns, is not what it was in the last release. Answers given before are marked again.",
			"If the old key was wrong, that is as it should be. If it asks something else now, give it a new `id`.")
	}
	if was.Ask != is.Ask {
		changed = true
		c.say(diag.Note, is.at, "lock/prompt-changed", "The words of the question `"+id+"` changed. Answers given before are kept.",
			"If it asks something else now, give it a new `id`.")
	}
	if !slices.Equal(was.Choices, is.Choices) {
		changed = true
		added, gone := without(is.Choices, was.Choices), without(was.Choices, is.Choices)
		c.say(diag.Note, is.at, "lock/choice-changed", fmt.Sprintf("The choices of the question `%s` are others: %d new, %d gone. A choice whose words changed counts as new, and an answer that named the old one is none any more.", id, added, gone), "")
	}
	return changed
}

// without counts what a has and b has not.
func without(a, b []string) int {
	n := 0
	for _, s := range a {
		if !slices.Contains(b, s) {
			n++
		}
	}
	return n
}
