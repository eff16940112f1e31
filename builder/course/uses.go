package course

import (
	"iter"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Mentioned walks what a text mentions, with where it leads; the zero
// Destination where that is nowhere, or no page and no file.
func (s *Site) Mentioned(v *Version) iter.Seq2[Mention, Destination] {
	return func(yield func(Mention, Destination) bool) {
		for _, m := range s.mentions(v) {
			d, there := s.leadsTo(v, m)
			if !there {
				d = Destination{}
			}
			if !yield(m, d) {
				return
			}
		}
	}
}

// mentions lists what a text mentions. A quiz's translation shows the original's pictures, what that tells to read
// again, and the texts that it leaves out itself: rather too much than too little of these.
func (s *Site) mentions(v *Version) []Mention {
	if v.Item == nil || v.Item.Type != Quiz {
		return v.Mentions
	}
	original := v.Item.Versions.In(s.Settings.Languages[0])
	if original == nil || original.File == v.File {
		return v.Mentions
	}
	return slices.Concat(original.Mentions, v.Mentions)
}

// FoundAll tells of a site that holds a part of another one's files whether all
// that a text mentions is found, and would be the same in the whole. lacks names
// the files that the part has not.
func (s *Site) FoundAll(v *Version, lacks func(file string) bool) bool {
	for m, d := range s.Mentioned(v) {
		found := d != Destination{}
		switch m.What {
		case "competency", "activity":
			continue
		case "include":
			f, problem := s.Fragment(v, m.Dest)
			found = problem == nil && s.FoundAll(f.On(v), lacks)
		}
		target, _, _ := strings.Cut(m.Dest, "#")
		target, _, _ = strings.Cut(target, "?")
		files, _ := s.candidates(v, norm.NFC.String(unescape(target)), m.Dest)
		if !found || target != "" && slices.ContainsFunc(files, lacks) {
			return false
		}
	}
	return true
}

// On gives a fragment as a part of a text: its links are those of its own file,
// as seen from there.
func (v *Version) On(text *Version) *Version {
	from := *v
	from.Lang, from.Address, from.Item, from.Place = text.Lang, text.Address, text.Item, text.Place
	return &from
}

// Uses lists the files that a course's texts show or link to in a language,
// each once, in order: what it takes to study them away from a network.
func (s *Site) Uses(c *Course, lang string) []*Asset {
	var out []*Asset
	seen := map[*Asset]bool{}
	add := func(a *Asset) {
		if a != nil && !seen[a] {
			seen[a] = true
			out = append(out, a)
		}
	}
	look := func(v *Version, mentions []Mention) {
		for _, m := range mentions {
			d, there := s.leadsTo(v, m)
			if !there || d.Asset == nil {
				continue
			}
			add(d.Asset)
			for _, t := range s.Tracks(d.Asset) {
				add(t.Asset)
			}
		}
	}
	text := func(v *Version) {
		if v == nil {
			return
		}
		look(v, s.mentions(v))
		for _, included := range v.Included {
			from := *included.Version
			from.Lang = v.Lang
			look(&from, from.Mentions)
		}
	}
	text(s.PlaceVersion(&c.Place, lang))
	for _, m := range c.Modules {
		text(s.PlaceVersion(&m.Place, lang))
		for _, i := range m.Items {
			text(i.Versions.In(lang))
		}
	}
	return out
}
