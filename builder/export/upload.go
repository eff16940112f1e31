package export

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"

	"sopan.dev/sopan/internal/diag"
)

// This file holds the rules by which iGOT and other Sunbird platforms take or
// refuse an HTML package. What they refuse is an error, what they only ask for
// in their form a warning.

// Sizes at which an upload is warned of and refused, and of one picture.
const (
	warnBytes    = 25 << 20
	mostBytes    = 50 << 20
	pictureBytes = 1 << 20
)

// shortestName is how many characters a course's name has at least.
const shortestName = 5

func judgeUpload(in Input, files []File) diag.List {
	var diags diag.List
	start := false
	total := int64(0)
	for _, f := range files {
		start = start || f.Path == "index.html"
		total += int64(len(f.Content))
		diags = append(diags, judgeFile(in, f)...)
	}
	if !start {
		diags = append(diags, diag.Diagnostic{Start: diag.Pos{File: in.Course.Dir}, Code: "package/no-index", Message: "The package has no index.html at its root.", Hint: "Take away what hides it."})
	}
	size := diag.Diagnostic{Start: diag.Pos{File: in.Course.Dir}, Code: "package/size"}
	switch {
	case total > mostBytes:
		size.Message = fmt.Sprintf("The package holds %s; uploads of more than 50 MB are refused.", megabytes(total))
	case total > warnBytes:
		size.Severity = diag.Warning
		size.Message = fmt.Sprintf("The package holds %s; beyond 25 MB it loads slowly where networks are slow.", megabytes(total))
	}
	if size.Message != "" {
		size.Hint = "The largest files are " + largest(files) + ". Compress them, or make two courses."
		diags = append(diags, size)
	}
	return append(diags, judgeDetails(in)...)
}

func judgeFile(in Input, f File) diag.List {
	d := func(code, message, hint string) diag.List {
		return diag.List{{Start: diag.Pos{File: orElse(f.Source, in.Course.Dir)}, Code: code, Message: message, Hint: hint}}
	}
	switch ext := strings.ToLower(path.Ext(f.Path)); {
	case ext == ".html" || ext == ".htm" || ext == ".xhtml":
		if what, address := foreign(f.Content); what != "" {
			return d("package/external", fmt.Sprintf("`%s` loads a %s from elsewhere: `%s`.", f.Path, what, address), "Copy the file into the site and name the copy.")
		}
		if what := framed(f.Content); what != "" {
			return d("package/frame", fmt.Sprintf("`%s` holds a frame (`<%s>`), which uploads do not take.", f.Path, what), "Link to what the frame would show.")
		}
	case ext == ".css":
		if address := foreignStyle(f.Content); address != "" {
			return d("package/external", fmt.Sprintf("`%s` loads something from elsewhere: `%s`.", f.Path, address), "Copy the file into the site and name the copy.")
		}
	case ext == ".js" || ext == ".mjs":
		if word := evalForm.Find(f.Content); word != nil {
			return d("package/eval", fmt.Sprintf("The script `%s` holds `%s`, for which uploads are refused.", f.Path, word), "Take the script out of `static`. A lesson that speaks of it writes it without the bracket.")
		}
	case slices.Contains(pictures, ext) && len(f.Content) > pictureBytes:
		return d("package/picture", fmt.Sprintf("The picture has %s; uploads take pictures of less than 1 MB.", megabytes(int64(len(f.Content)))), "Save it smaller: 1,600 pixels are wide enough for any screen.")
	}
	return nil
}

var pictures = []string{".svg", ".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif"}

// evalForm finds what makes script of text. Those who look for it do not ask
// whether it stands in a string.
var evalForm = regexp.MustCompile(`\beval\s*\(|\bnew\s+Function\b`)

// loads are the attributes by which an element loads something; a link to be
// followed is none of them.
var loads = map[string][]string{
	"script": {"src"}, "img": {"src", "srcset"}, "source": {"src", "srcset"}, "video": {"src", "poster"}, "audio": {"src"},
	"track": {"src"}, "input": {"src"}, "body": {"background"}, "image": {"href", "xlink:href"}, "use": {"href", "xlink:href"},
}

// kindOf names for an author what an element loads.
var kindOf = map[string]string{"script": "script", "link": "style", "style": "style"}

// foreign finds the first thing that a page loads from another host.
func foreign(page []byte) (what, address string) {
	z := html.NewTokenizer(bytes.NewReader(page))
	style := false
	for {
		switch z.Next() {
		case html.ErrorToken:
			return "", ""
		case html.TextToken:
			if a := foreignStyle(z.Text()); style && a != "" {
				return "style", a
			}
		case html.EndTagToken:
			style = false
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			style = t.Data == "style"
			names := loads[t.Data]
			if t.Data == "link" && loadedLink(t) {
				names = []string{"href", "imagesrcset"}
			}
			for _, a := range t.Attr {
				switch {
				case a.Key == "style":
					if s := foreignStyle([]byte(a.Val)); s != "" {
						return "style", s
					}
				case strings.HasSuffix(a.Key, "srcset") && slices.Contains(names, a.Key):
					for part := range strings.SplitSeq(a.Val, ",") {
						if elsewhere(part) {
							return "picture", strings.TrimSpace(part)
						}
					}
				case slices.Contains(names, a.Key) && elsewhere(a.Val):
					return orElse(kindOf[t.Data], "picture"), a.Val
				}
			}
		}
	}
}

// loadedLink tells whether a <link> makes the browser load what it names.
func loadedLink(t html.Token) bool {
	for _, a := range t.Attr {
		if a.Key == "rel" {
			for _, rel := range strings.Fields(strings.ToLower(a.Val)) {
				if rel == "stylesheet" || rel == "icon" || rel == "preload" || rel == "modulepreload" || rel == "manifest" || rel == "apple-touch-icon" {
					return true
				}
			}
		}
	}
	return false
}

// framed names the first element that shows another document.
func framed(page []byte) string {
	z := html.NewTokenizer(bytes.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			switch n := string(name); n {
			case "iframe", "frame", "object", "embed":
				return n
			}
		}
	}
}

var styleLoads = regexp.MustCompile(`(?i)(?:url\(\s*['"]?|@import\s+['"])\s*((?:https?:|ftp:|//)[^'")\s]*)`)

func foreignStyle(css []byte) string {
	if m := styleLoads.FindSubmatch(css); m != nil {
		return string(m[1])
	}
	return ""
}

// elsewhere tells whether an address leaves the package.
func elsewhere(address string) bool {
	a := strings.ToLower(strings.TrimSpace(address))
	scheme, _, found := strings.Cut(a, ":")
	return strings.HasPrefix(a, "//") || strings.HasPrefix(a, `\\`) || found && scheme != "data" && schemeForm.MatchString(scheme)
}

var schemeForm = regexp.MustCompile(`^[a-z][a-z0-9+.-]*$`)

// judgeDetails looks for what the upload form asks of a course. It asks for a
// duration too, which is always known: lessons are measured.
func judgeDetails(in Input) diag.List {
	first := in.Site.Langs(in.Course)[0]
	v := in.Site.PlaceVersion(&in.Course.Place, first)
	at := diag.Pos{File: orElse(v.File, in.Course.Dir)}
	var diags diag.List
	if n := utf8.RuneCountInString(strings.TrimSpace(v.Title)); n < shortestName {
		diags = append(diags, diag.Diagnostic{Start: at, Code: "package/title", Message: fmt.Sprintf("The course is called `%s`; uploads take names of %d characters or more.", v.Title, shortestName), Hint: "Give it a longer `title`."})
	}
	competencies := len(v.Front.Competencies)
	for _, i := range in.Course.Items() {
		if iv := in.Site.ItemVersion(i, first); iv != nil {
			competencies += len(iv.Front.Competencies)
		}
	}
	f := v.Front
	for _, c := range []struct {
		there bool
		name  string
		hint  string
	}{
		{f.Summary != "", "a description", "`summary: One sentence.`"},
		{len(f.Outcomes) > 0, "learning outcomes", "`outcomes: [What a learner can do afterwards.]`"},
		{len(f.Keywords) > 0, "keywords", "`keywords: [public service, ethics]`"},
		{competencies > 0, "competencies", "`competencies: [\"People First, level 2\"]`, here or in the lessons"},
		{len(f.Authors) > 0, "authors", "`authors: [Name]`"},
		{f.Licence != "", "a licence", "`licence: CC BY 4.0`"},
		{f.Audience != "", "an audience", "`audience: Whom the course is for.`"},
	} {
		if !c.there {
			diags = append(diags, diag.Diagnostic{
				Start: at, Severity: diag.Warning, Code: "package/details",
				Message: fmt.Sprintf("The course names no %s, which the upload form asks for.", strings.TrimPrefix(strings.TrimPrefix(c.name, "a "), "an ")),
				Hint:    "Write " + c.hint + " in the front matter of its index.md.",
			})
		}
	}
	return diags
}

// largest names the three largest files.
func largest(files []File) string {
	sorted := slices.Clone(files)
	slices.SortStableFunc(sorted, func(a, b File) int { return len(b.Content) - len(a.Content) })
	var names []string
	for _, f := range sorted[:min(3, len(sorted))] {
		names = append(names, fmt.Sprintf("`%s` (%s)", orElse(f.Source, f.Path), megabytes(int64(len(f.Content)))))
	}
	return strings.Join(names, ", ")
}

func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
