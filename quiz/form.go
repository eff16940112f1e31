package quiz

import (
	"bytes"
	"embed"
	"html/template"
	"strconv"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/compiled"
)

// Templates are form.html, the frame of a quiz, and a template for each kind.
//
//go:embed *.html
var Templates embed.FS

// Scripts are the TypeScript of the kinds and what they share.
//
//go:embed *.ts
var Scripts embed.FS

// The templates are part of the program, so that an error in one is its own.
var templates = sync.OnceValue(func() *compiled.Set { return compiled.NewSet(template.Must(template.ParseFS(Templates, "*.html"))) })

// ProseRenderer turns a text into HTML: inline Markdown, or blocks.
type ProseRenderer func(p Prose, block bool) template.HTML

// FormOptions is what the site adds to a quiz's form. Nil functions leave out
// what they would give; without Render texts are shown as they were written.
type FormOptions struct {
	Data       DataOptions
	Render     ProseRenderer
	Reread     func(ref Ref) (href, title string) // a way to a lesson; href "" leaves it out
	Image      func(ref Ref) ImageView            // a picture in the page; its alternative text is the question's
	Words      map[string]string                  // see Words
	SourceLang string                             // of texts that are not translated
	SourceName string                             // its name: what stands beside such a text, for all to see
}

// formView is what form.html gets.
type formView struct {
	Key       string
	Practice  bool
	Questions []QuestionView
	Words     formWords
	Data      template.HTML
}

type formWords struct{ Check, Hint, Finish, Result string }

// QuestionView is a question in form.html.
type QuestionView struct {
	Number   int
	Title    string // "Question 3", where the prompt is no part of the legend
	ID, Kind string
	Ask      template.HTML
	AskBlock bool // Ask is blocks, and stands after the legend
	How      string
	Image    *ImageView
	Body     template.HTML // of the kind's template
	Sure     *SureView     // where certainty is asked
	Feedback []FeedbackView
	Why      template.HTML
	Hints    []template.HTML
	Reread   *RereadView
	Words    formWords
}

// ImageView is a picture; Width and Height are 0 when unknown.
type ImageView struct {
	Src, Alt      string
	Srcset, Sizes string // where it is sent in several widths
	Width, Height int
}

// FeedbackView is what is shown under a choice after marking.
type FeedbackView struct {
	Choice string
	HTML   template.HTML
}

// RereadView is the way to the lesson that answers the question. The words before
// it ("Read again:") are the script's.
type RereadView struct{ Href, Title string }

// Easel is what forms are drawn at, one after the other: what the templates get
// for one stands in the memory of the one before. The zero value is ready, for
// one goroutine.
type Easel struct {
	questions chunk[QuestionView]
	choices   chunk[ChoiceView]
	steps     chunk[StepView]
	data      chunk[QuestionData]
	parts     chunk[Component]
	ids       chunk[string]
}

// painter is what a kind needs to make its view.
type painter struct {
	*Easel
	sheet *bytes.Buffer // on which one piece of the form after the other is drawn
	name  string        // of the question's inputs
	id    string        // of the question's element
	FormOptions
}

// prose renders a text that stands inline.
func (p painter) prose(t Prose) template.HTML { return p.text(t, false) }

func (p painter) text(t Prose, block bool) template.HTML {
	if t.Fallback && p.SourceName != "" {
		note := `<small class="q-lang">(` + template.HTMLEscapeString(p.SourceName) + ")</small>"
		if block {
			return p.foreign(t, block, "<p>"+note+"</p>")
		}
		return p.foreign(t, block, " "+note)
	}
	return p.foreign(t, block, "")
}

// foreign renders a text, and says in the markup where it is in another
// language than the page.
func (p painter) foreign(t Prose, block bool, note string) template.HTML {
	html := p.html(t, block)
	if !t.Fallback || p.SourceLang == "" {
		return html
	}
	tag := "span"
	if block {
		tag = "div"
	}
	return template.HTML("<"+tag+` lang="`+template.HTMLEscapeString(p.SourceLang)+`">`) + html + template.HTML(note+"</"+tag+">") //nolint:gosec // escaped
}

// html renders a text without saying what language it is in.
func (p painter) html(t Prose, block bool) template.HTML {
	if p.Render != nil {
		return p.Render(t, block)
	}
	return template.HTML(template.HTMLEscapeString(t.Text)) //nolint:gosec // escaped in this line
}

// option is the plain text of an entry of a drop-down, which can hold no markup.
func (p painter) option(t Prose) string {
	text := dress{Plain: p.Data.Plain}.plain(t)
	if t.Fallback && p.SourceName != "" {
		text += " (" + p.SourceName + ")"
	}
	return text
}

// options are the entries of a drop-down, by id: an order that tells nothing.
func (p painter) options(ends []end) []Component {
	var out []Component
	for _, e := range ends {
		out = append(out, Component{e.id, p.option(e.text)})
	}
	return byID(out)
}

func (p painter) word(key string) string { return p.Words[key] }

// part is the id of an element of the question, and the name of its control.
// No question's id holds a full stop, so `a` with the part `how` and a question
// `a-how` are two.
func (p painter) part(name string) string { return p.id + "." + name }

// described is what every control is described by.
func (p painter) described() string { return p.part("how") + " " + p.part("result") }

// Form makes the whole <form class="quiz"> of a quiz, its data among it. The
// page shows no key: explanations stand in inert templates, and the data is for
// the script.
func Form(q *Quiz, o FormOptions) []byte {
	var b bytes.Buffer
	at := new(Easel).Draw(&b, q, o)
	return b.Bytes()[at:]
}

// Draw writes what Form makes, behind what stands in b and the pieces that it is
// made of. It gives the place where it begins.
func (e *Easel) Draw(b *bytes.Buffer, q *Quiz, o FormOptions) int {
	defer func() {
		e.questions.empty()
		e.choices.empty()
		e.steps.empty()
		e.data.empty()
		e.parts.empty()
		e.ids.empty()
	}()
	if o.Words == nil {
		o.Words = Words("en")
	}
	p := painter{Easel: e, FormOptions: o, sheet: b}
	v := formView{
		Key: q.Key, Practice: q.Practice,
		Words: formWords{Check: p.word("quiz-check"), Hint: p.word("quiz-hint"), Finish: p.word("quiz-finish"), Result: p.word("quiz-result")},
	}
	v.Data = p.drawn(func() {
		b.WriteString(`<script type="application/json" class="quiz-data">`)
		e.dataOf(q, o.Data).write(b)
		b.WriteString("</script>") // JSON escapes <
	})
	if q.Sealed {
		q, _ = q.bare(dress{})
	}
	v.Questions = e.questions.piece(len(q.Questions))
	for i := range q.Questions {
		v.Questions = append(v.Questions, p.question(&q.Questions[i], v.Words))
	}
	at := b.Len()
	execute(b, "form.html", v)
	return at
}

// drawn gives what is written onto the sheet, which lasts longer than the view
// that it is for.
func (p painter) drawn(write func()) template.HTML {
	at := p.sheet.Len()
	write()
	return compiled.Borrowed(p.sheet, at)
}

func (p painter) question(q *Question, words formWords) QuestionView {
	p.id = "q-" + q.ID
	// Not the id alone: an input named "submit" or "elements" hides the form's own.
	p.name = "q-" + q.ID
	body, how := q.answer.view(p)
	v := QuestionView{
		Number: q.Number, Title: fill(p.word("quiz-question"), "n", strconv.Itoa(q.Number)),
		ID: q.ID, Kind: q.Kind, How: how,
		Ask: p.text(q.Ask, q.Ask.Block), AskBlock: q.Ask.Block,
		Body:  p.drawn(func() { execute(p.sheet, q.Kind+".html", body) }),
		Words: words,
	}
	if q.Certainty {
		v.Sure = p.sure()
	}
	for _, f := range q.answer.feedback() {
		v.Feedback = append(v.Feedback, FeedbackView{f.ID, p.text(f.Prose, f.Prose.Block)})
	}
	if q.Why.Text != "" {
		v.Why = p.text(q.Why, q.Why.Block)
	}
	for _, h := range q.Hints {
		v.Hints = append(v.Hints, p.text(h, h.Block))
	}
	if q.Image != nil {
		v.Image = &ImageView{Src: q.Image.File.Text, Alt: q.Image.Alt}
		if p.Image != nil {
			*v.Image = p.Image(q.Image.File)
			v.Image.Alt = q.Image.Alt
		}
	}
	if q.Reread.Text != "" && p.Reread != nil {
		if href, title := p.Reread(q.Reread); href != "" {
			v.Reread = &RereadView{href, title}
		}
	}
	return v
}

// fill puts a value in the place of {name} in a text of words/*.yaml.
func fill(text, name, value string) string { return strings.ReplaceAll(text, "{"+name+"}", value) }

func execute(out *bytes.Buffer, name string, view any) {
	if err := templates().Execute(out, name, view); err != nil {
		panic("quiz: " + err.Error()) // a view that does not fit its template
	}
}
