package course

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"sopan.dev/sopan/internal/diag"
)

var (
	// cueSpan is a cue's first line as browsers read it: hours may be left out,
	// all else may not.
	cueSpan = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*(?:(\d+):)?([0-5]\d):([0-5]\d)\.(\d{3})\s*-->\s*(?:(\d+):)?([0-5]\d):([0-5]\d)\.(\d{3})(?:\D|$)`)
	})
	// cueMeant is a line that can be meant as nothing else: two times with
	// fractions, and a sign or two between them.
	cueMeant = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`^\s*\d+:\d[\d:]*[.,]\d+\s*[^\s\d\pL]{1,3}\s*\d+:\d[\d:]*[.,]\d+`)
	})
	cueTime = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^\s*[\d:.]+\s+-->\s`) })
	cueTag  = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`<[^>]*>`) })
)

// Transcript gives the words of a WebVTT file: a paragraph a speaker or a
// pause of its own, without times, settings and tags.
// https://www.w3.org/TR/webvtt1/
func Transcript(vtt []byte) string {
	text := strings.ReplaceAll(strings.TrimPrefix(string(vtt), "\ufeff"), "\r\n", "\n")
	var paragraphs []string
	var current []string
	flush := func() {
		if len(current) > 0 {
			paragraphs = append(paragraphs, strings.Join(current, " "))
			current = nil
		}
	}
	for _, block := range strings.Split(text, "\n\n") {
		lines := strings.Split(strings.TrimSpace(block), "\n")
		for i, line := range lines {
			if !cueTime().MatchString(line) {
				continue
			}
			words := strings.TrimSpace(cueTag().ReplaceAllString(strings.Join(lines[i+1:], " "), ""))
			if words == "" {
				break
			}
			current = append(current, words)
			if strings.ContainsAny(words[len(words)-1:], ".?!") || strings.HasSuffix(words, "।") {
				if len(current) >= 4 {
					flush()
				}
			}
			break
		}
	}
	flush()
	return strings.Join(paragraphs, "\n\n")
}

// checkCaptions reads a WebVTT file as browsers do, which leave out what they
// cannot read and say nothing. Of each kind of slip the first is named: a file
// of another program has it in each caption.
func checkCaptions(file string, b []byte) diag.List {
	text := strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(string(b), "\ufeff"))
	lines := strings.Split(text, "\n")
	if rest, ok := strings.CutPrefix(lines[0], "WEBVTT"); !ok || rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return diag.List{{Start: diag.Pos{File: file, Line: 1, Col: 1}, Code: "video/captions-broken", Message: "These are no captions that a browser can read: the first line is not `WEBVTT`.",
			Hint: "Write `WEBVTT` on the first line and leave the second one empty. Files of another kind (`.srt`) have to be saved as WebVTT."}}
	}
	var unread, backwards, timeless []int // lines, from 0
	block, timed := 0, true               // where the block at hand begins; whether its words need no time: so in the head
	for i := 1; i < len(lines); i++ {
		line := lines[i]
		if line == "" { // one of spaces is none
			block, timed = i+1, false
			continue
		}
		first := line
		if block < i {
			first = lines[block]
		}
		span := cueSpan().FindStringSubmatch(line)
		switch {
		case span == nil && (strings.Contains(line, "-->") || cueMeant().MatchString(line)):
			unread = append(unread, i)
			timed = true
		case span != nil:
			if milliseconds(span[5:]) <= milliseconds(span[1:5]) {
				backwards = append(backwards, i)
			}
			timed = true
		case timed || strings.HasPrefix(first, "NOTE") || strings.HasPrefix(first, "STYLE") || strings.HasPrefix(first, "REGION"):
		case i+1 == len(lines) || lines[i+1] == "": // the block ends, and had no time
			if strings.TrimSpace(strings.Join(lines[block:i+1], "")) != "" {
				timeless = append(timeless, block)
			}
		}
	}
	var diags diag.List
	say := func(severity diag.Severity, at []int, one, many, hint string) {
		if len(at) == 0 {
			return
		}
		message := one
		if len(at) > 1 {
			message = fmt.Sprintf(many, len(at))
		}
		diags = append(diags, diag.Diagnostic{
			Start: diag.Pos{File: file, Line: at[0] + 1, Col: 1}, End: diag.Pos{File: file, Line: at[0] + 1, Col: 1 + len([]rune(lines[at[0]]))},
			Severity: severity, Code: "video/captions-broken", Message: message, Hint: hint,
		})
	}
	say(diag.Error, unread, "The times of this caption cannot be read, so no browser shows it.", "The times of %d captions cannot be read, so no browser shows them; this is the first.",
		"Write them like `00:04.000 --> 00:08.500`: minutes, seconds and three digits behind a full stop, and `-->` between two spaces.")
	say(diag.Error, backwards, "This caption ends before it begins, so no browser shows it.", "%d captions end before they begin, so no browser shows them; this is the first.",
		"Look at the two times: the second one is the later one.")
	say(diag.Warning, timeless, "These words have no time, so no browser shows them.", "Words stand in %d places without a time, so no browser shows them; this is the first.",
		"If they belong to the caption above, delete the empty line between them; else write a time like `00:04.000 --> 00:08.500` on a line above them. A remark begins with `NOTE`.")
	if len(diags) == 0 && Transcript(b) == "" {
		return diag.List{{Start: diag.Pos{File: file, Line: 1, Col: 1}, Severity: diag.Warning, Code: "video/captions-broken", Message: "There are no words in these captions.",
			Hint: "After an empty line write the time, `00:00.000 --> 00:04.000`, and on the next line the words."}}
	}
	return diags
}

// milliseconds of hours, minutes, seconds and milliseconds, which are digits.
func milliseconds(parts []string) int {
	sum := 0
	for i, unit := range []int{3_600_000, 60_000, 1000, 1} {
		n, _ := strconv.Atoi(parts[i]) // no hours are none
		sum += n * unit
	}
	return sum
}
