package page

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/markdown"
	"sopan.dev/sopan/quiz"
)

// This file renders authors' texts into a page: Markdown bodies, and the
// prompts and explanations of questions.

// caseStudy parses a case study again.
func (p *planner) caseStudy(v *course.Version) (*markdown.Doc, error) {
	text, body, err := p.site.Source(v)
	if err != nil {
		return nil, err
	}
	o := p.markdownOptions(v)
	o.Case = true
	return markdown.Parse(text, body, o), nil
}

func (p *planner) markdownOptions(v *course.Version) markdown.Options {
	return p.site.Options(cmp.Or(v.Fallback, v.Lang))
}

// resolver answers for what a text points at, as seen from its page.
func (p *planner) resolver(v *course.Version, quizzes func(i int) []byte) markdown.Resolver {
	return markdown.Resolver{
		Quiz:  quizzes,
		Words: p.theme.words[v.Lang],
		Target: func(ref markdown.Ref) markdown.Target {
			if ref.Kind == markdown.TermRef {
				return markdown.Target{Href: href(v.Address, p.site.Root(v.Lang)+"glossary.html", ref.Dest)}
			}
			d, problem := p.site.Resolve(v, ref.Dest)
			if problem != nil {
				return markdown.Target{}
			}
			t := markdown.Target{Href: href(v.Address, d.Address, d.Fragment)}
			if d.Address == v.Address && d.Fragment != "" {
				t.Href = "#" + strings.SplitN(t.Href, "#", 2)[1]
			}
			if d.Lang != "" && d.Lang != v.Lang {
				t.Lang = d.Lang
			}
			if d.Asset != nil {
				t.Width, t.Height = d.Asset.Width, d.Asset.Height
				if ref.Kind == markdown.ImageRef {
					t.Href, t.Sources = widths(v, d.Asset)
				}
				if ref.Kind == markdown.VideoRef {
					p.captions(&t, v, d.Asset)
				}
			}
			return t
		},
	}
}

// textResolver is the resolver of a whole text: with its practice blocks and
// the fragments that it includes.
func (p *planner) textResolver(v *course.Version, lent *course.Loan, asked course.Questions) (markdown.Resolver, error) {
	r := p.resolver(v, p.practice(v, asked))
	fragments := map[int][]byte{}
	for _, i := range v.Included {
		b, err := p.fragment(v, lent, i)
		if err != nil {
			return r, err
		}
		fragments[i.Start] = b
	}
	r.Include = func(ref markdown.Ref) []byte { return fragments[ref.Start] }
	return r, nil
}

// fragment renders what stands in the place of an include. Links in it are
// those of the fragment's own file, as seen from the page; where its words are
// in another language than the text's, they are marked so.
func (p *planner) fragment(v *course.Version, lent *course.Loan, i course.Included) ([]byte, error) {
	f := i.Version
	body, err := lent.Body(f)
	if err != nil {
		return nil, err
	}
	r := p.resolver(f.On(v), nil)
	r.Words = p.theme.words[f.Lang]
	target := r.Target
	r.Target = func(ref markdown.Ref) markdown.Target {
		if ref.Kind == markdown.TermRef && i.Linked[ref.Dest] {
			return markdown.Target{}
		}
		return target(ref)
	}
	out := []byte(body.HTML(r))
	if words := cmp.Or(v.Fallback, v.Lang); f.Lang != words {
		here, _ := course.LanguageByTag(words)
		there, _ := course.LanguageByTag(f.Lang)
		open := `<div lang="` + f.Lang + `"`
		if here.Dir != there.Dir {
			open += ` dir="` + there.Dir + `"`
		}
		out = slices.Concat([]byte(open+">\n"), out, []byte("</div>\n"))
	}
	return out, nil
}

// captions adds a video's tracks, and the transcript in the page's language.
func (p *planner) captions(t *markdown.Target, v *course.Version, video *course.Asset) {
	for n, track := range p.site.Tracks(video) {
		language, _ := course.LanguageByTag(track.Lang)
		t.Tracks = append(t.Tracks, markdown.Track{Lang: track.Lang, Label: language.Name, Href: href(v.Address, track.Asset.Address, "")})
		if track.Lang == v.Lang || n == 0 {
			if b, err := p.site.Tree.Bytes(track.Asset.File); err == nil {
				t.Transcript = course.Transcript(b)
			}
		}
	}
}

// proses is the texts of all the questions of a page, as seen from there.
type proses struct {
	*course.Proses
	resolver markdown.Resolver
}

func (p *planner) proses(v *course.Version, rendered []course.Rendered) proses {
	return proses{course.NewProses(rendered, p.markdownOptions(v)), p.resolver(v, nil)}
}

func (p proses) html(t quiz.Prose, block bool) template.HTML {
	if !block && markdown.IsBare(t.Text) {
		return template.HTML(markdown.BareHTML(t.Text)) //nolint:gosec // escaped
	}
	return template.HTML(p.Rendered(t, block).HTML.HTML(p.resolver)) //nolint:gosec // rendered
}

// quizForm draws a quiz or a practice block of a page onto a sheet.
func (p *planner) quizForm(sheet *sheet, q *quiz.Quiz, texts proses, v *course.Version, key, iri string) template.HTML {
	copyOf := *q
	copyOf.Key = key
	source, _ := course.LanguageByTag(p.site.Settings.Languages[0])
	options := quiz.FormOptions{
		Data: quiz.DataOptions{
			ID:    iri,
			Plain: func(t quiz.Prose) string { return texts.Plain(t, false) },
			Competency: func(c quiz.Competency) string {
				return p.site.CompetencyTag(c.Name, c.Level)
			},
			Name: func(id string) string { return p.site.CompetencyTitle(id, v.Lang) },
			Case: func(ref quiz.Ref) quiz.CaseTarget {
				d, problem := p.site.CaseStudy(v, ref.Text)
				if problem != nil {
					return quiz.CaseTarget{Title: ref.Text}
				}
				return quiz.CaseTarget{Item: d.Version.Item.Key, Href: href(v.Address, d.Address, ""), Title: d.Version.Title}
			},
		},
		Render: texts.html,
		Reread: func(ref quiz.Ref) (string, string) {
			d, problem := p.site.Reread(v, ref.Text)
			if problem != nil {
				return "", ""
			}
			title := d.Version.Title
			if h := d.Version.Heading(d.Fragment); h != "" {
				title += ": " + h
			}
			return href(v.Address, d.Address, d.Fragment), title
		},
		Image: func(ref quiz.Ref) quiz.ImageView {
			d, problem := p.site.Resolve(v, ref.Text)
			if problem != nil || d.Asset == nil {
				return quiz.ImageView{}
			}
			return imageView(v, d.Asset)
		},
		Words:      p.theme.questions[v.Lang],
		SourceLang: p.site.Settings.Languages[0],
		SourceName: source.Name,
	}
	return sheet.from(sheet.easel.Draw(&sheet.Buffer, &copyOf, options))
}
