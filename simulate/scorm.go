package simulate

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/internal/browser"
)

//go:embed scorm.js
var scormScript []byte

// scormPage is the platform's page, with the package in a frame.
var scormPage = template.Must(template.New("").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Platform</title>
<link rel="icon" href="data:,"><style>html, body, iframe { margin: 0; border: 0; width: 100%; height: 100% }</style>
<body><script type="application/json" id="platform-data">{{.}}</script><script src="/_platform.js"></script></body></html>
`))

// scorm is a learning platform that speaks one of the two versions of SCORM, strictly. It lives in the browser, as the
// standard has it; what an attempt has committed is fetched whenever the learner has left.
type scorm struct {
	set     *output.Set
	version string
	learner Learner
	server  *http.Server
	origin  string
	kept    struct {
		Values     map[string]string `json:"values"`
		Launches   int               `json:"launches"`
		Violations []string          `json:"violations"`
	}
}

func openScorm(version string) func(Course, Learner) (platform, error) {
	return func(c Course, l Learner) (platform, error) {
		s := &scorm{set: c.Set, version: version, learner: l}
		var err error
		s.server, s.origin, err = listen(s)
		return s, err
	}
}

func (s *scorm) close()                  { s.server.Close() }
func (s *scorm) url() (string, error)    { return s.origin + "/", nil }
func (s *scorm) begin(tab *browser.Page) {}
func (s *scorm) oneWindow() bool         { return true }

func (s *scorm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/":
		var page bytes.Buffer
		if err := scormPage.Execute(&page, map[string]string{"version": s.version, "learner": s.learner.Name, "lang": s.learner.Lang}); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Write(page.Bytes())
	case r.URL.Path == "/_platform.js":
		w.Header().Set("Content-Type", "text/javascript; charset=utf-8")
		w.Write(scormScript)
	case r.URL.Path == "/_kept":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, `<!doctype html><title>kept</title><link rel="icon" href="data:,">`)
	case strings.HasPrefix(r.URL.Path, "/course/"):
		http.StripPrefix("/course", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { serveFile(s.set, w, r) })).ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// left reads what the attempt has committed.
func (s *scorm) left(tab *browser.Page) error {
	tab.Goto(s.origin + "/_kept")
	var kept string
	tab.Eval(`localStorage.getItem("platform") || "{}"`, &kept)
	if err := json.Unmarshal([]byte(kept), &s.kept); err != nil {
		return fmt.Errorf("reading what the platform keeps: %w", err)
	}
	if len(s.kept.Violations) > 0 {
		return fmt.Errorf("the package did what SCORM %s forbids:\n  %s", s.version, strings.Join(slices.Compact(s.kept.Violations), "\n  "))
	}
	return nil
}

var interactionKey = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^cmi\.interactions\.(\d+)\.(.+)$`) })

// records gives the data model as it was left: an element a line, and behind them an interaction a line. Times are replaced;
// of suspend_data, which is packed with a random number of the attempt, the line says only that there is some.
func (s *scorm) records() ([]string, error) {
	elements := map[string]string{}
	answers := map[int]map[string]string{}
	for key, value := range s.kept.Values {
		name := key[strings.LastIndexByte(key, '.')+1:]
		switch {
		case name == "suspend_data" && value != "":
			value = "(packed)"
		case name == "session_time" && s.version == "1.2":
			value = "0000:01:00.00"
		case name == "session_time":
			value = "PT1M"
		}
		m := interactionKey().FindStringSubmatch(key)
		if m == nil {
			elements[key] = value
			continue
		}
		n, err := strconv.Atoi(m[1])
		if err != nil {
			return nil, err
		}
		if answers[n] == nil {
			answers[n] = map[string]string{}
		}
		answers[n][m[2]] = value
	}
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(elements)) {
		lines = append(lines, encoded(struct {
			Name  string `json:"name"`
			Value string `json:"value"`
		}{key, elements[key]}))
	}
	for n := range len(answers) {
		a := answers[n]
		if a == nil {
			return nil, fmt.Errorf("the interactions are not numbered one after the other: there is no %d", n)
		}
		at := time.Date(2026, 1, 1, 0, 0, n+1, 0, time.UTC)
		if _, there := a["time"]; there {
			a["time"] = at.Format("15:04:05")
		}
		if _, there := a["timestamp"]; there {
			a["timestamp"] = at.Format("2006-01-02T15:04:05Z")
		}
		a["interaction"] = strconv.Itoa(n)
		lines = append(lines, encoded(a))
	}
	return lines, nil
}
