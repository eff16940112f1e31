package diag

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// WriteJSON writes the list as a JSON array of
// {file,line,col,endLine,endCol,severity,code,message,hint,related}; an empty
// list is "[]". Lines and columns are 1-based and 0 where a finding is about
// a whole file.
func WriteJSON(w io.Writer, list List) error {
	type related struct {
		File    string `json:"file"`
		Line    int    `json:"line"`
		Col     int    `json:"col"`
		Message string `json:"message"`
	}
	type entry struct {
		File     string    `json:"file"`
		Line     int       `json:"line"`
		Col      int       `json:"col"`
		EndLine  int       `json:"endLine"`
		EndCol   int       `json:"endCol"`
		Severity string    `json:"severity"`
		Code     string    `json:"code"`
		Message  string    `json:"message"`
		Hint     string    `json:"hint"`
		Related  []related `json:"related,omitempty"`
	}
	out := make([]entry, 0, len(list))
	for _, d := range list {
		end := endOf(d)
		e := entry{d.Start.File, d.Start.Line, d.Start.Col, end.Line, end.Col, d.Severity.String(), d.Code, d.Message, d.Hint, nil}
		for _, r := range d.Related {
			e.Related = append(e.Related, related{r.Pos.File, r.Pos.Line, r.Pos.Col, r.Message})
		}
		out = append(out, e)
	}
	return writeJSON(w, out)
}

// endOf gives the exclusive end of a finding; where a stage named none it is
// one character after the start.
func endOf(d Diagnostic) Pos {
	if d.End.Line == 0 && d.Start.Line > 0 {
		return Pos{d.Start.File, d.Start.Line, d.Start.Col + 1}
	}
	return d.End
}

// WriteGitHub writes the list as workflow commands that GitHub shows beside
// the lines of a pull request.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func WriteGitHub(w io.Writer, list List) error {
	data := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	var b strings.Builder
	for _, d := range list {
		command := map[Severity]string{Error: "error", Warning: "warning", Note: "notice"}[d.Severity]
		fmt.Fprintf(&b, "::%s file=%s", command, property.Replace(d.Start.File))
		if end := endOf(d); d.Start.Line > 0 {
			fmt.Fprintf(&b, ",line=%d,col=%d,endLine=%d", d.Start.Line, d.Start.Col, end.Line)
			if end.Line == d.Start.Line { // GitHub drops columns of a finding over several lines
				fmt.Fprintf(&b, ",endColumn=%d", end.Col)
			}
		}
		message := d.Message
		if d.Hint != "" {
			message += "\n" + d.Hint
		}
		fmt.Fprintf(&b, ",title=%s::%s\n", property.Replace(d.Code), data.Replace(message))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// WriteSARIF writes the list as a SARIF 2.1.0 log, columns in code points.
// https://docs.oasis-open.org/sarif/sarif/v2.1.0/
func WriteSARIF(w io.Writer, list List, version string) error {
	type text struct {
		Text string `json:"text"`
	}
	type rule struct {
		ID string `json:"id"`
	}
	type region struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"`
	}
	type artifact struct {
		URI       string `json:"uri"`
		URIBaseID string `json:"uriBaseId"`
	}
	type physical struct {
		Artifact artifact `json:"artifactLocation"`
		Region   *region  `json:"region,omitempty"`
	}
	type location struct {
		Physical physical `json:"physicalLocation"`
		Message  *text    `json:"message,omitempty"`
	}
	type result struct {
		RuleID    string     `json:"ruleId"`
		RuleIndex int        `json:"ruleIndex"`
		Level     string     `json:"level"`
		Message   text       `json:"message"`
		Locations []location `json:"locations"`
		Related   []location `json:"relatedLocations,omitempty"`
	}
	locate := func(start, end Pos) location {
		l := location{Physical: physical{Artifact: artifact{uriPath(start.File), "SITE"}}}
		if start.Line > 0 {
			l.Physical.Region = &region{start.Line, start.Col, end.Line, end.Col}
		}
		return l
	}
	index := map[string]int{}
	rules := []rule{}
	results := []result{}
	for _, d := range list {
		at, ok := index[d.Code]
		if !ok {
			at = len(rules)
			index[d.Code] = at
			rules = append(rules, rule{d.Code})
		}
		message := d.Message
		if d.Hint != "" {
			message += " " + d.Hint
		}
		r := result{d.Code, at, d.Severity.String(), text{message}, []location{locate(d.Start, endOf(d))}, nil}
		for _, rel := range d.Related {
			l := locate(rel.Pos, Pos{rel.Pos.File, rel.Pos.Line, rel.Pos.Col + 1})
			l.Message = &text{rel.Message}
			r.Related = append(r.Related, l)
		}
		results = append(results, r)
	}
	log := map[string]any{
		"$schema": "https://json.schemastore.org/sarif-2.1.0.json",
		"version": "2.1.0",
		"runs": []any{map[string]any{
			"tool":       map[string]any{"driver": map[string]any{"name": "sopan", "version": version, "rules": rules}},
			"columnKind": "unicodeCodePoints",
			"results":    results,
		}},
	}
	return writeJSON(w, log)
}

// uriPath percent-encodes what a URI reference cannot hold as it is.
func uriPath(p string) string {
	var b strings.Builder
	for i := range len(p) {
		c := p[i]
		if c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.IndexByte("-._~/", c) >= 0 {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func writeJSON(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(v)
}
