package scorm

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// form is what a value may be: RTE 4th edition, and the CMI data model of
// SCORM 1.2, as they are written. scorm-again is kinder in several places.
type form struct {
	key   *regexp.Regexp
	value *regexp.Regexp
	most  int // characters; 0 where the value says it
}

func forms(rules ...string) []form {
	var out []form
	for _, rule := range rules {
		key, value, _ := strings.Cut(rule, " ")
		key, most, _ := strings.Cut(key, ":")
		n, _ := strconv.Atoi(most)
		key = strings.NewReplacer(".", `\.`, "#", `\d+`).Replace(key)
		out = append(out, form{key: regexp.MustCompile("^cmi\\." + key + "$"), value: regexp.MustCompile("^(?:" + value + ")$"), most: n})
	}
	return out
}

var forms12 = forms(
	`suspend_data:4096 [\x20-\x7e]*`,
	`core.lesson_location [\x20-\x7e]{0,255}`,
	`core.lesson_status passed|completed|failed|incomplete|browsed`,
	`core.exit time-out|suspend|logout|`,
	`core.session_time \d{2,4}:\d\d:\d\d(\.\d{1,2})?`,
	`core.score.(raw|min|max) \d{1,2}(\.\d+)?|100`,
	`interactions.#.id [A-Za-z0-9_.-]{1,255}`,
	`interactions.#.type true-false|choice|fill-in|matching|performance|likert|sequencing|numeric`,
	`interactions.#.time ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,2})?`,
	`interactions.#.weighting -?\d+(\.\d+)?`,
	`interactions.#.student_response .{0,255}`,
	`interactions.#.result correct|wrong|unanticipated|neutral|-?\d+(\.\d+)?`,
)

var forms2004 = forms(
	`suspend_data:64000 .*`,
	`location .{0,1000}`,
	`completion_status completed|incomplete|not attempted|unknown`,
	`success_status passed|failed|unknown`,
	`progress_measure 0(\.\d{1,7})?|1`,
	`exit time-out|suspend|logout|normal|`,
	`session_time PT(\d+H)?(\d+M)?\d+(\.\d{1,2})?S`,
	`score.scaled -?(0(\.\d{1,7})?|1)`,
	`score.(raw|min|max) -?\d+(\.\d{1,7})?`,
	`interactions.#.id:4000 [!-~]+`,
	`interactions.#.type true-false|choice|fill-in|long-fill-in|matching|performance|likert|sequencing|numeric|other`,
	`interactions.#.timestamp \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,2}(Z|[+-]\d\d(:\d\d)?)?)?`,
	`interactions.#.weighting -?\d+(\.\d{1,7})?`,
	`interactions.#.learner_response:4000 .*`,
	`interactions.#.result correct|incorrect|unanticipated|neutral|-?\d+(\.\d{1,7})?`,
	`interactions.#.description (\{lang=[A-Za-z-]+\})?.{0,250}`,
)

var short = `[\w()+.:=@;$!*'%/#-]{1,250}`

// responses are the forms of an answer, by its type.
var responses12 = map[string]string{
	"true-false": `[01tf]`, "choice": `[a-z0-9](,[a-z0-9])*`, "fill-in": `.{0,255}`, "numeric": `-?\d+(\.\d+)?`, "likert": `[a-z0-9]`,
	"matching": `[a-z0-9]\.[a-z0-9](,[a-z0-9]\.[a-z0-9])*`, "performance": `.{0,255}`, "sequencing": `[a-z0-9](,[a-z0-9])*`,
}

var responses2004 = map[string]string{
	"true-false": `true|false`, "choice": short + `(\[,\]` + short + `)*`, "fill-in": `.{0,250}(\[,\].{0,250})*`, "long-fill-in": `.*`,
	"numeric": `-?\d{1,10}(\.\d{1,7})?`, "likert": short, "matching": short + `\[\.\]` + short + `(\[,\]` + short + `\[\.\]` + short + `)*`,
	"performance": `(` + short + `)?\[\.\].{0,250}(\[,\](` + short + `)?\[\.\].{0,250})*`, "sequencing": short + `(\[,\]` + short + `)*`,
}

// Check says what in the log of one launch breaks the standard: "1.2" or "2004".
func Check(version string, log []Call) []string {
	allowed, responses, before, finish := forms12, responses12, "LMS", "Finish"
	if version == "2004" {
		allowed, responses, before, finish = forms2004, responses2004, "", "Terminate"
	}
	var out []string
	wrong := func(c Call, format string, args ...any) {
		out = append(out, fmt.Sprintf("%s(%s): ", c.Call, strings.Join(c.Given, ", "))+fmt.Sprintf(format, args...))
	}
	begun, ended := false, false
	types := map[string]string{}
	last := map[string]string{}
	for _, c := range log {
		if ended {
			wrong(c, "the session is over")
		}
		if c.Error != "0" && !strings.HasSuffix(c.Call, "GetValue") {
			wrong(c, "error %s", c.Error)
		}
		switch name := strings.TrimPrefix(c.Call, before); name {
		case "Initialize":
			if begun {
				wrong(c, "a second time")
			}
			begun = true
		case finish:
			ended = true
		case "SetValue":
			if !begun {
				wrong(c, "before the session")
			}
			key, value := c.Given[0], c.Given[1]
			known := false
			for _, f := range allowed {
				if f.key.MatchString(key) {
					known = true
					if !f.value.MatchString(value) {
						wrong(c, "not of its form %s", f.value)
					}
					if n := utf8.RuneCountInString(value); f.most > 0 && n > f.most {
						wrong(c, "%d characters, %d are allowed", n, f.most)
					}
				}
			}
			if !known {
				wrong(c, "there is no such element, or it is not for content to set")
			}
			if strings.HasSuffix(key, ".type") {
				types[strings.TrimSuffix(key, ".type")] = value
			}
			if at, is := strings.CutSuffix(key, "_response"); is {
				kind := types[at[:strings.LastIndex(at, ".")]]
				if form, ok := responses[kind]; !ok {
					wrong(c, "an answer of no type")
				} else if !regexp.MustCompile("^(?:" + form + ")$").MatchString(value) {
					wrong(c, "no answer of the type %s", kind)
				}
			}
			if last[key] == value && !strings.Contains(key, "interactions") {
				wrong(c, "it is set already")
			}
			last[key] = value
		case "GetValue", "Commit":
			if !begun {
				wrong(c, "before the session")
			}
		}
	}
	if begun && !ended {
		out = append(out, "the session was not ended")
	}
	return out
}
