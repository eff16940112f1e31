package simulate

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"time"
)

// What differs from run to run.
var (
	anyID = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	})
	randomID = sync.OnceValue(func() *regexp.Regexp {
		return regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}`)
	})
	timeOf     = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"timestamp":\s*"[^"]*"`) })
	durationOf = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`"duration":\s*"[^"]*"`) })
	added      = sync.OnceValue(func() *regexp.Regexp { // by a store
		return regexp.MustCompile(`,"stored":"[^"]*"|,"authority":\{"objectType":"Agent","account":\{[^{}]*\}\}`)
	})
	host = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`http://127\.0\.0\.1:\d+/`) })
)

// normalised makes lines equal from run to run: random ids become numbers in the order of their coming, times a second a
// line, every duration one minute, this machine's addresses platform.test. Derived ids stay: they are the same each time, but where an address of this machine is in what they
// are derived of; then every id becomes a number.
func normalised(lines []string, id *regexp.Regexp) []string {
	ids := map[string]string{}
	out := make([]string, len(lines))
	for i, line := range lines {
		line = id.ReplaceAllStringFunc(line, func(id string) string {
			if ids[id] == "" {
				ids[id] = fmt.Sprintf("00000000-0000-4000-8000-%012d", len(ids)+1)
			}
			return ids[id]
		})
		at := time.Date(2026, 1, 1, 0, 0, i+1, 0, time.UTC).Format("2006-01-02T15:04:05.000Z")
		line = timeOf().ReplaceAllString(line, `"timestamp":"`+at+`"`)
		line = durationOf().ReplaceAllString(line, `"duration":"PT1M"`)
		line = added().ReplaceAllString(line, "")
		line = host().ReplaceAllString(line, "http://platform.test/")
		out[i] = strings.TrimSpace(line)
	}
	return out
}
