package course

import (
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"

	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/yamldoc"
)

// Settings is sopan.yaml. Its one required key is title.
type Settings struct {
	Title     LocalText
	Summary   LocalText
	ID        string   // IRI, without a trailing slash: the prefix of every activity id in records
	Languages []string // the first one stands at the root of the output
	Publisher LocalText
	Theme     string // a folder in themes/, or "sopan"
	Endpoint  string // of records; "" keeps records off
	XAPI      string // version that the record store has; "" for 1.0.3
	Ask       *Ask   // nil: learners are asked for nothing
	Offline   bool   // courses can be kept on a device
	RawHTML   bool   // a sanitised subset of HTML is allowed in Markdown
}

var shortID = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[a-z0-9]+([-.][a-z0-9]+)*$`) })

// readSettings reads sopan.yaml; a missing file is an error that says what
// the smallest one is.
func readSettings(tree *source.Tree) (Settings, diag.List, error) {
	s := Settings{Languages: []string{"en"}, Theme: "sopan", Offline: true}
	const file = "sopan.yaml"
	if !tree.Has(file) {
		return s, diag.List{{
			Start: diag.Pos{File: file}, Code: "site/no-settings",
			Message: "There is no `sopan.yaml` in this folder.",
			Hint:    "Create it with the line `title: My institute's courses`, or make a new site with `sopan new site FOLDER`.",
		}}, nil
	}
	text, _, diags, err := tree.Text(file)
	if err != nil {
		return s, nil, err
	}
	root, r := yamldoc.Parse(text, 0, len(text.Bytes), file)
	m := root.Map(file, siteTable.Names()...)
	if v := m["languages"]; v.Exists() {
		s.Languages = nil
		for _, l := range v.Items() {
			tag := l.Text()
			switch {
			case !knownLanguage(tag):
				hint := diag.DidYouMean(tag, languageTags())
				if hint == "" {
					hint = "Known tags: " + strings.Join(languageTags(), ", ") + "."
				}
				l.Error("site/unknown-language", fmt.Sprintf("`%s` is not a language that Sopan knows.", tag), hint)
			case contains(s.Languages, tag):
				l.Error("site/language-twice", fmt.Sprintf("The language `%s` stands here twice.", tag), "Delete one of them.")
			default:
				s.Languages = append(s.Languages, tag)
			}
		}
		if len(s.Languages) == 0 {
			s.Languages = []string{"en"}
		}
	}
	s.Title = readLocalText(m["title"], s.Languages)
	if s.Title.In("", s.Languages[0]) == "" && !r.Diags.HasErrors() {
		r.Diags = append(r.Diags, diag.Diagnostic{
			Start: diag.Pos{File: file, Line: 1, Col: 1}, Code: "site/no-title",
			Message: "The site has no title.", Hint: "Add the line `title: My institute's courses`.",
		})
	}
	s.Summary = readLocalText(m["summary"], s.Languages)
	s.Publisher = readLocalText(m["publisher"], s.Languages)
	s.ID = readSiteID(m["id"], s.Title.In(s.Languages[0], ""))
	if v := m["theme"]; v.Exists() {
		s.Theme = v.Text()
		if s.Theme != "sopan" && len(tree.Under("themes/"+s.Theme)) == 0 {
			v.Error("site/no-theme", fmt.Sprintf("There is no folder `themes/%s`.", s.Theme), "Name a folder in `themes`, or leave the line out for the built-in theme.")
		}
	}
	if v := m["records"]; v.Exists() {
		s.Endpoint, s.XAPI, s.Ask = readRecords(v, s.Languages)
	}
	if v := m["offline"]; v.Exists() {
		switch v.Text() {
		case "true":
		case "false":
			s.Offline = false
		default:
			v.Error("site/offline", fmt.Sprintf("`offline: %s` is not a choice.", v.Text()), "Write `offline: true` (the default) or `offline: false`.")
		}
	}
	if v := m["html"]; v.Exists() {
		switch v.Text() {
		case "sanitised", "sanitized":
			s.RawHTML = true
		case "off":
		default:
			v.Error("site/html", fmt.Sprintf("`html: %s` is not a choice.", v.Text()), "Write `html: off` (the default) or `html: sanitised`.")
		}
	}
	return s, append(append(diags, r.Diags...), credentials(text)...), nil
}

// readSiteID makes the prefix of activity ids: an absolute IRI as it is
// written, or a short name (else the title's slug) under "urn:sopan:".
func readSiteID(v yamldoc.Value, title string) string {
	id := v.Text()
	if id == "" {
		return "urn:sopan:" + orElse(Slug(title), "site")
	}
	if shortID().MatchString(id) {
		return "urn:sopan:" + id
	}
	u, err := url.Parse(id)
	if err != nil || !u.IsAbs() || strings.ContainsAny(id, " <>\"{}|\\^`") || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		v.Error("site/id", fmt.Sprintf("`%s` cannot be the site's id.", id), "Write a short name of small letters, digits and `-` (`negd-courses`), or an address that your institute owns (`https://courses.example.gov.in`).")
		return "urn:sopan:site"
	}
	return strings.TrimRight(id, "/")
}

// readRecords reads `records: {endpoint: https://…, ask: …}`. A credential in
// it would be in every page for everyone to read, so it is refused.
func readRecords(v yamldoc.Value, languages []string) (endpoint, xapi string, ask *Ask) {
	for _, e := range v.Entries() {
		k := strings.ToLower(e.Key.Raw())
		for _, secret := range []string{"password", "secret", "token", "key", "user", "username", "auth", "authorization", "basic"} {
			if k == secret {
				e.Key.Secret("records/credential", fmt.Sprintf("`%s` would be readable by everyone in every page.", e.Key.Raw()), "Leave it out. Let the record store accept records by their origin, or hand out a launch link to each learner.")
				return "", "", nil
			}
		}
	}
	m := v.Map("`records`", recordsTable.Names()...)
	endpoint = readEndpoint(m["endpoint"])
	if v := m["version"]; v.Exists() {
		if xapi = v.Text(); !slices.Contains(XAPIVersions(), xapi) {
			v.Error("records/version", fmt.Sprintf("Records are not written for version `%s` of xAPI.", xapi), "Write `version: 2.0.0` for a record store that takes no other, or leave the line out for 1.0.3.")
		}
	}
	a := m["ask"]
	if !a.Exists() {
		return endpoint, xapi, nil
	}
	if !m["endpoint"].Exists() {
		a.Error("records/ask", "Learners are asked for a number, and there is no place that it could be sent to.", "Add `endpoint: https://…`, or leave `ask` out.")
	}
	return endpoint, xapi, readAsk(a, languages)
}

// XAPIVersions are those of record stores that records can be sent to; the
// first one is meant where none is named.
func XAPIVersions() []string { return []string{"1.0.3", "2.0.0"} }

func readEndpoint(e yamldoc.Value) string {
	if !e.Exists() {
		return ""
	}
	s := e.Text()
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		e.Error("records/endpoint", fmt.Sprintf("`%s` is not the address of a record store.", s), "Write it like `https://lrs.example.gov.in/xapi`.")
		return ""
	case u.User != nil || looksSecret(u.RawQuery):
		e.Secret("records/credential", "The address holds a user name, password or key, which everyone could read in every page.", "Leave it out of the address.")
		return ""
	case u.RawQuery != "" || u.Fragment != "":
		e.Error("records/endpoint", fmt.Sprintf("`%s` goes on behind the way to the record store.", s), "End it before the `?` or the `#`: records are sent to `/statements` below it.")
		return ""
	case u.Scheme == "http" && !loopback(u.Hostname()):
		e.Error("records/endpoint", "Records of persons must not travel unencrypted.", "Use an address that starts with `https://`.")
		return ""
	}
	return strings.TrimRight(s, "/")
}

func looksSecret(query string) bool {
	q, _ := url.ParseQuery(query)
	for k := range q {
		k = strings.ToLower(k)
		for _, secret := range []string{"key", "token", "auth", "secret", "password", "pass"} {
			if strings.Contains(k, secret) {
				return true
			}
		}
	}
	return false
}

func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

func orElse(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
