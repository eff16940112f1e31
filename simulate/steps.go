package simulate

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/schema"
	"sopan.dev/sopan/internal/yamldoc"
)

// reader turns the lines below `does:` into steps.
type reader struct {
	site   *course.Site
	course *course.Course
	langs  []string
}

// everything names all items of a course.
const everything = "everything"

// reads gives for each kind of step what it comes to. Its words, and what may stand beside each, are schema.Step's.
func reads() map[string]func(r reader, main yamldoc.Value, also map[string]yamldoc.Value) func(*visit) {
	return map[string]func(r reader, main yamldoc.Value, also map[string]yamldoc.Value) func(*visit){
		"go through": reader.goThrough,
		"read":       lessons("read"),
		"read again": readAgain,
		"practise":   lessons("practise"),
		"begin":      reader.begin,
		"answer":     reader.answer,
		"decide":     reader.decide,
		"give":       number("give"),
		"withdraw":   number("withdraw"),
		"switch to":  reader.switchTo,
		"tab":        reader.tab,
		"go":         reader.line,
		"then":       reader.then,
	}
}

func (r reader) step(v yamldoc.Value) (step, bool) {
	table := schema.Step()
	known := slices.Sorted(slices.Values(table.OneOf))
	all := table.Names()
	if !v.IsMap() {
		v.Error("learner/step", "A step is a word and what it is about.", "Write one of these with a colon: "+strings.Join(known, ", ")+".")
		return step{}, false
	}
	m := v.Map("a step", all...)
	var which []string
	for _, name := range known {
		if _, there := m[name]; there {
			which = append(which, name)
		}
	}
	if len(which) != 1 {
		if len(m) > 0 || len(which) > 1 {
			v.Error("learner/step", fmt.Sprintf("A step does one thing; this one does %d.", len(which)), "Begin each step with `- `, and with one of: "+strings.Join(known, ", ")+".")
		}
		return step{}, false
	}
	for _, e := range v.Entries() {
		if name := e.Key.Text(); name != which[0] && !slices.Contains(table.Needs[name], which[0]) && slices.Contains(all, name) {
			e.Key.Error("learner/step", fmt.Sprintf("`%s` says nothing about `%s`.", name, which[0]), "Take it out, or begin another step.")
		}
	}
	main := m[which[0]]
	do := reads()[which[0]](r, main, m)
	said := which[0]
	if texts := main.Texts(); len(texts) > 0 {
		said += ": " + strings.Join(texts, ", ")
	}
	return step{v.Pos(), said, do}, do != nil
}

// items finds what a step names: an item ("why-change/vuca"), a module ("why-change"), or everything; those of the types.
func (r reader) items(v yamldoc.Value, types ...course.ItemType) []*course.Item {
	var out []*course.Item
	for _, one := range v.Items() {
		name := one.Text()
		found := false
		var there []string
		for _, i := range r.course.Items() {
			if !slices.Contains(types, i.Type) {
				continue
			}
			at, module := i.Slug, i.Module.Slug
			if module != "" {
				at = module + "/" + i.Slug
			}
			there = append(there, at)
			if module != "" && !slices.Contains(there, module) {
				there = append(there, module)
			}
			if name == everything || name == at || name == module && module != "" {
				out, found = append(out, i), true
			}
		}
		if !found && name != "" {
			kind := "item"
			if len(types) == 1 {
				kind = string(types[0])
			}
			notThere(one, kind, name, append(there, everything))
		}
	}
	return out
}

// goThrough does all that is asked for, in order and rightly.
func (r reader) goThrough(main yamldoc.Value, also map[string]yamldoc.Value) func(*visit) {
	items := r.items(main, course.Lesson, course.Quiz, course.Case)
	except := r.items(also["except"], course.Lesson, course.Quiz, course.Case)
	return func(v *visit) {
		for _, i := range items {
			if slices.Contains(except, i) {
				continue
			}
			v.open(i)
			switch i.Type {
			case course.Lesson:
				v.run("read")
			case course.Quiz:
				v.run("answer", answers{All: right, But: map[string]string{}, HandIn: true})
			default:
				v.run("decide", []string{best})
			}
		}
	}
}

// lessons does the same in each lesson that is named; do is a function of page.js.
func lessons(do string) func(reader, yamldoc.Value, map[string]yamldoc.Value) func(*visit) {
	return func(r reader, main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
		items := r.items(main, course.Lesson)
		return func(v *visit) {
			for _, i := range items {
				v.open(i)
				v.run(do)
			}
		}
	}
}

// readAgain opens lessons that were read before, and reads them to their ends.
func readAgain(r reader, main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
	items := r.items(main, course.Lesson)
	return func(v *visit) {
		for _, i := range items {
			v.open(i)
			v.reload() // it was read on this page, perhaps
			v.open(i)  // a package begins with its first page
			v.run("readAgain")
		}
	}
}

// begin opens an item and does nothing there.
func (r reader) begin(main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
	items := r.items(main, course.Lesson, course.Quiz, course.Case)
	return func(v *visit) {
		for _, i := range items {
			v.open(i)
			v.run("saved")
		}
	}
}

// answers is how a quiz is answered; page.js reads it.
type answers struct {
	All    string            `json:"all"`    // right, wrong or skip
	But    map[string]string `json:"but"`    // by id of the question
	Only   []string          `json:"only"`   // questions to be answered now; none: all
	HandIn bool              `json:"handIn"` // afterwards
}

const (
	right = "right"
	wrong = "wrong"
	skip  = "skip"
	best  = "best"
)

func (r reader) answer(main yamldoc.Value, also map[string]yamldoc.Value) func(*visit) {
	items := r.items(main, course.Quiz)
	a := answers{All: right, But: map[string]string{}, HandIn: true}
	mood := func(v yamldoc.Value) string {
		if m := v.Text(); !slices.Contains([]string{right, wrong, skip}, m) {
			notThere(v, "way to answer", m, []string{right, wrong, skip})
		}
		return v.Text()
	}
	if v := also["all"]; v.Exists() {
		a.All = mood(v)
	}
	var ids []string
	for _, i := range items {
		ids = append(ids, r.site.ItemVersion(i, r.langs[0]).Quiz.IDs()...)
	}
	known := func(v yamldoc.Value) {
		if len(items) > 0 && !slices.Contains(ids, v.Text()) {
			notThere(v, "question", v.Text(), ids)
		}
	}
	for _, e := range also["but"].Entries() {
		known(e.Key)
		a.But[e.Key.Text()] = mood(e.Value)
	}
	for _, v := range also["only"].Items() {
		known(v)
		a.Only = append(a.Only, v.Text())
	}
	if v := also["hand in"]; v.Exists() {
		a.HandIn = v.Text() == "yes"
		if !a.HandIn && v.Text() != "no" {
			notThere(v, "answer to `hand in`", v.Text(), []string{"yes", "no"})
		}
	}
	return func(v *visit) {
		for _, i := range items {
			v.open(i)
			v.run("answer", a)
		}
	}
}

// decide takes decisions in a case study: the scenes that they lead to, or the best way.
func (r reader) decide(main yamldoc.Value, also map[string]yamldoc.Value) func(*visit) {
	items := r.items(main, course.Case)
	take := also["take"].Texts()
	if len(take) == 0 {
		take = []string{best}
	}
	for _, i := range items {
		at := r.site.ItemVersion(i, r.langs[0]).Graph
		if at == nil || slices.Equal(take, []string{best}) {
			continue
		}
		scenes := []string{best}
		for _, s := range at.Scenes {
			scenes = append(scenes, s.ID)
		}
		for _, v := range also["take"].Items() {
			if !slices.Contains(scenes, v.Text()) {
				notThere(v, "scene", v.Text(), scenes)
			}
		}
	}
	return func(v *visit) {
		for _, i := range items {
			v.open(i)
			v.run("decide", take)
		}
	}
}

// number gives the number that the host asks for, or takes it back.
func number(do string) func(reader, yamldoc.Value, map[string]yamldoc.Value) func(*visit) {
	return func(_ reader, main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
		said := main.Text()
		return func(v *visit) {
			v.goTo(v.course.Site.Root(v.lang) + "records.html")
			v.run(do, said)
		}
	}
}

func (r reader) switchTo(main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
	isLanguage(main, r.langs)
	lang := main.Text()
	return func(v *visit) { v.switchTo(lang) }
}

func (r reader) tab(main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
	n := main.Int(1)
	return func(v *visit) { v.change(n) }
}

func (r reader) line(main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
	if !slices.Contains([]string{"offline", "online"}, main.Text()) {
		notThere(main, "line", main.Text(), []string{"offline", "online"})
	}
	cut := main.Text() == "offline"
	return func(v *visit) { v.cut(cut) }
}

func (r reader) then(main yamldoc.Value, _ map[string]yamldoc.Value) func(*visit) {
	ways := map[string]func(*visit){"reload": (*visit).reload, "leave": (*visit).leave, "come back": (*visit).comeBack}
	do := ways[main.Text()]
	if do == nil {
		notThere(main, "step", main.Text(), slices.Sorted(maps.Keys(ways)))
	}
	return do
}
