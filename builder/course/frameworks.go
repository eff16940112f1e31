package course

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Framework is a competency framework of content/competencies.yaml.
type Framework struct {
	ID      string
	Title   LocalText
	Version string
	Levels  map[string][]string // names of the levels by language; level 1 first
	Areas   []Area
}

// Area groups competencies ("Ethos", "Behavioural").
type Area struct {
	Title        LocalText
	Competencies []*Competency
}

// Competency is one entry of a framework.
type Competency struct {
	ID        string
	Title     LocalText
	Area      LocalText
	Framework *Framework
}

// LevelCount is how many levels the framework has; 5 where it names none,
// which is what FRAC uses.
func (f *Framework) LevelCount() int {
	n := 0
	for _, names := range f.Levels {
		n = max(n, len(names))
	}
	if n == 0 {
		return 5
	}
	return n
}

// LevelName gives the name of a level (1-based), "" where it has none.
func (f *Framework) LevelName(level int, lang, fallback string) string {
	for _, l := range []string{lang, fallback, ""} {
		if names := f.Levels[l]; level >= 1 && level <= len(names) {
			return names[level-1]
		}
	}
	return ""
}

// Leveled is a competency at a level.
type Leveled struct {
	Competency *Competency
	Level      int
}

// Tag is the form that pages and records carry: "people-first:2".
func (l Leveled) Tag() string { return l.Competency.ID + ":" + strconv.Itoa(l.Level) }

func readFrameworks(v yamldoc.Value, languages []string) []*Framework {
	var out []*Framework
	ids := map[string]diag.Pos{}
	m := v.Map("competencies.yaml", competenciesTable.Names()...)
	for _, fv := range m["frameworks"].Items() {
		fm := fv.Map("a framework", frameworkTable.Names()...)
		f := &Framework{ID: readID(fm["id"], fv, ids), Title: readTitle(fm["title"], fv, languages), Version: fm["version"].Text(), Levels: readLocalTexts(fm["levels"], languages)}
		for _, lang := range slices.Sorted(maps.Keys(f.Levels)) {
			if n := len(f.Levels[lang]); n != f.LevelCount() {
				fm["levels"].Error("competency/levels", fmt.Sprintf("The levels in `%s` are %d, in another language %d.", lang, n, f.LevelCount()), "Give the same number of levels in each language.")
				break
			}
		}
		for _, av := range fm["areas"].Items() {
			am := av.Map("an area", areaTable.Names()...)
			a := Area{Title: readTitle(am["title"], av, languages)}
			for _, cv := range am["competencies"].Items() {
				c := &Competency{Area: a.Title, Framework: f}
				if cv.IsText() {
					c.Title = LocalText{"": cv.Text()}
					c.ID = uniqueID(cv, Slug(cv.Text()), ids)
				} else {
					cm := cv.Map("a competency", competencyTable.Names()...)
					c.Title = readTitle(cm["title"], cv, languages)
					if cm["id"].Exists() {
						c.ID = readID(cm["id"], cv, ids)
					} else {
						c.ID = uniqueID(cv, Slug(c.Title.In(languages[0], "")), ids)
					}
				}
				if c.ID != "" {
					a.Competencies = append(a.Competencies, c)
				}
			}
			f.Areas = append(f.Areas, a)
		}
		if f.ID != "" {
			out = append(out, f)
		}
	}
	return out
}

var idForm = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{M}\p{N}._-]*$`) })

// readID reads a required id, unique among ids.
func readID(v, parent yamldoc.Value, ids map[string]diag.Pos) string {
	if !v.Exists() {
		parent.Error("yaml/no-id", "An `id` is missing here.", "Add `id: a-short-name`.")
		return ""
	}
	id := v.Text()
	if !idForm().MatchString(id) {
		v.Error("yaml/bad-id", fmt.Sprintf("`%s` cannot be an id.", id), "Use letters, digits, `-`, `_` and `.`, no spaces.")
		return ""
	}
	return uniqueID(v, id, ids)
}

func uniqueID(v yamldoc.Value, id string, ids map[string]diag.Pos) string {
	if first, twice := ids[id]; twice {
		v.Error("yaml/id-twice", fmt.Sprintf("The id `%s` stands already at line %d.", id, first.Line), "Give this one another `id`.")
		return ""
	}
	ids[id] = v.Pos()
	return id
}

// ids lists the ids, for hints.
func (x competencyIndex) ids() []string {
	out := make([]string, 0, len(x.byID))
	for id := range x.byID {
		out = append(out, id)
	}
	return out
}

// competencyIndex finds competencies by what authors write.
type competencyIndex struct {
	byID    map[string]*Competency
	byTitle map[string][]*Competency
	names   []string
}

func indexCompetencies(frameworks []*Framework) competencyIndex {
	x := competencyIndex{byID: map[string]*Competency{}, byTitle: map[string][]*Competency{}}
	for _, f := range frameworks {
		for _, a := range f.Areas {
			for _, c := range a.Competencies {
				x.byID[c.ID] = c
				x.names = append(x.names, c.ID)
				for _, t := range c.Title.All() {
					x.byTitle[strings.ToLower(t)] = append(x.byTitle[strings.ToLower(t)], c)
					x.names = append(x.names, t)
				}
			}
		}
	}
	return x
}

var levelSuffix = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`(?i)^(.*?)[,:]?\s+(?:level|स्तर)\s+(\S+)$`) })

// find reads "People First, level 2" (the title in any language, or the id; no
// level means level 1) and gives code, message and hint of the mistake where
// there is one.
func (x competencyIndex) find(text string) (l Leveled, code, message, hint string) {
	name, level := strings.TrimSpace(text), 1
	if m := levelSuffix().FindStringSubmatch(name); m != nil {
		n, err := strconv.Atoi(m[2])
		if err != nil || n < 1 {
			return l, "competency/level", fmt.Sprintf("`%s` is not a level.", m[2]), "Write it like `People First, level 2`."
		}
		name, level = strings.TrimSpace(m[1]), n
	}
	return x.at(name, level)
}

// at finds a competency by name or id; level 0 means none is named: level 1.
func (x competencyIndex) at(name string, level int) (l Leveled, code, message, hint string) {
	level = max(level, 1)
	c := x.byID[name]
	if c == nil {
		switch found := x.byTitle[strings.ToLower(name)]; len(found) {
		case 0:
			hint = diag.DidYouMean(name, x.names)
			if hint == "" {
				hint = "Add it to `content/competencies.yaml`, or use the name of one that stands there."
			}
			return l, "competency/unknown", fmt.Sprintf("There is no competency `%s`.", name), hint
		case 1:
			c = found[0]
		default:
			return l, "competency/ambiguous", fmt.Sprintf("%d competencies are called `%s`.", len(found), name), fmt.Sprintf("Write the id instead: `%s` or `%s`.", found[0].ID, found[1].ID)
		}
	}
	if level > c.Framework.LevelCount() {
		return l, "competency/level", fmt.Sprintf("`%s` has no level %d.", name, level), fmt.Sprintf("Its levels run from 1 to %d.", c.Framework.LevelCount())
	}
	return Leveled{c, level}, "", "", ""
}
