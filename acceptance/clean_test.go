package acceptance

import (
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"sopan.dev/sopan/builder/export"
)

// readable yields the text files of a site.
func readable(t *testing.T, s *Site) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, f := range s.files(t) {
		switch path.Ext(f) {
		case ".png", ".jpg", ".jpeg", ".webp", ".woff2", ".mp4", ".webm", ".mp3", ".pdf", ".ico":
			continue
		}
		data, err := os.ReadFile(s.file(f))
		if err != nil {
			t.Fatal(err)
		}
		all[f] = string(data)
	}
	return all
}

// TestFault53TheOutputHoldsNoSecretAndNoPathOfTheMachineThatBuiltIt: nor does a package of any kind.
func TestFault53TheOutputHoldsNoSecretAndNoPathOfTheMachineThatBuiltIt(t *testing.T) {
	t.Run("site", func(t *testing.T) { holdsNoSecret(t, sampleSite(t)) })
	for _, f := range export.Formats() {
		t.Run(f.Name, func(t *testing.T) { holdsNoSecret(t, unpacked(t, f.Name)) })
	}
}

func holdsNoSecret(t *testing.T, s *Site) {
	t.Helper()
	home, _ := os.UserHomeDir()
	host, _ := os.Hostname()
	secrets := map[string]*regexp.Regexp{
		"a private key":          regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`),
		"a cloud key":            regexp.MustCompile(`\b(AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b`),
		"a code host's token":    regexp.MustCompile(`\bgh[pousr]_[0-9A-Za-z]{36}\b|\bglpat-[0-9A-Za-z_-]{20}\b`),
		"a JSON web token":       regexp.MustCompile(`\beyJ[0-9A-Za-z_-]{10,}\.eyJ[0-9A-Za-z_-]{10,}\.`),
		"a password":             regexp.MustCompile(`(?i)(password|passwd|api_?key|secret)["']?\s*[:=]\s*["'][^"']{6,}["']`),
		"a basic authorization":  regexp.MustCompile(`(?i)authorization["']?\s*[:=,]\s*["'](basic|bearer) [0-9a-z+/=_-]{8,}`),
		"an address with a user": regexp.MustCompile(`https?://[^/\s"'<>]+:[^/\s"'<>]+@`),
		"a path of this machine": regexp.MustCompile(regexp.QuoteMeta(repository()) + `/|` + regexp.QuoteMeta(work) + `|\bfile:///|(?:^|["'\s(])/(?:home|root|Users|tmp|var/folders)/`),
	}
	for file, body := range readable(t, s) {
		for what, pattern := range secrets {
			if at := pattern.FindStringIndex(body); at != nil {
				t.Errorf("%s holds %s: …%s…", file, what, body[max(0, at[0]-30):min(len(body), at[1]+30)])
			}
		}
		for what, value := range map[string]string{"the home folder": home, "the machine's name": host} {
			if len(value) > 4 && strings.Contains(body, value) {
				t.Errorf("%s holds %s, %s", file, what, value)
			}
		}
	}
}

// TestFault39PublishedOutputHoldsNothingOfThePreview: no reload script, no event stream, no draft, no comment.
func TestFault39PublishedOutputHoldsNothingOfThePreview(t *testing.T) {
	s := buildSite(t, map[string]string{
		"sopan.yaml":             "title: Draft and published\n",
		"content/c/index.md":     "---\ntitle: Course\n---\n\nText.\n",
		"content/c/10-shown.md":  "---\ntitle: Shown\nstatus: published\n---\n\nSeen by all.\n\n<!-- a remark of the author -->\n",
		"content/c/20-hidden.md": "---\ntitle: Secretheading\nstatus: draft\n---\n\nUnfinishedwords stand here.\n",
	})
	for _, site := range []*Site{s, sampleSite(t)} {
		for file, body := range readable(t, site) {
			for _, mark := range []string{"EventSource", "Secretheading", "Unfinishedwords", "20-hidden", "a remark of the author"} {
				if strings.Contains(body, mark) {
					t.Errorf("%s holds %q", file, mark)
				}
			}
		}
		for _, p := range site.Pages {
			for n := range p.Root.Descendants() {
				if n.Type == html.CommentNode {
					t.Errorf("%s holds the comment <!--%.60s-->", p.Path, n.Data)
				}
			}
		}
	}
}

// TestFault69ADefaultBuildAsksForNoNameAndNoAddress: no field on any page of the sample asks a learner who they are, and no
// page sends records anywhere.
func TestFault69ADefaultBuildAsksForNoNameAndNoAddress(t *testing.T) {
	s := sampleSite(t)
	for _, p := range s.Pages {
		for n := range elements(p.Root, "input") {
			switch attribute(n, "type") {
			case "email", "tel", "password":
				t.Errorf("%s asks for a %s", p.Path, attribute(n, "type"))
			}
			// The name on a certificate stays on the device, and is asked for there alone.
			if a := attribute(n, "autocomplete"); a != "" && a != "off" && !(a == "name" && strings.HasSuffix(p.Path, "/certificate.html")) {
				t.Errorf("%s has a field with autocomplete=%q", p.Path, a)
			}
		}
		for n := range elements(p.Root, "script") {
			if attribute(n, "id") == "sopan-page" && strings.Contains(text(n), `"endpoint"`) {
				t.Errorf("%s names an endpoint for records, and sopan.yaml does not", p.Path)
			}
		}
	}
}
