package course

import (
	"regexp"
	"strings"
	"sync"
)

var (
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
