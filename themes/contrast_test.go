package themes_test

import (
	"maps"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"sopan.dev/sopan/themes"
)

// palettes reads tokens.css: the colours by day, by night as the device asks for
// it, and by night as the learner does.
func palettes(t *testing.T) (day, deviceNight, chosenNight map[string]string) {
	t.Helper()
	b, err := themes.Sopan.ReadFile("sopan/css/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	css := string(b)
	block := func(after string) map[string]string {
		_, rest, ok := strings.Cut(css, after)
		if !ok {
			t.Fatalf("tokens.css has no %q", after)
		}
		rest, _, _ = strings.Cut(rest, "}")
		colours := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]{3,6});`).FindAllStringSubmatch(rest, -1) {
			colours[m[1]] = m[2]
		}
		return colours
	}
	day = block(":root {")
	over := func(night map[string]string) map[string]string {
		all := maps.Clone(day)
		maps.Copy(all, night)
		return all
	}
	return day, over(block(":root:not([data-theme=light]) {")), over(block(":root[data-theme=dark] {"))
}

// luminance is WCAG's relative luminance of a colour "#rgb" or "#rrggbb".
func luminance(t *testing.T, hex string) float64 {
	t.Helper()
	h := strings.TrimPrefix(hex, "#")
	if len(h) == 3 {
		h = string([]byte{h[0], h[0], h[1], h[1], h[2], h[2]})
	}
	n, err := strconv.ParseUint(h, 16, 32)
	if err != nil {
		t.Fatalf("colour %q: %v", hex, err)
	}
	channel := func(v uint64) float64 {
		c := float64(v&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(n>>16) + 0.7152*channel(n>>8) + 0.0722*channel(n)
}

func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestColoursAreFarEnoughApart(t *testing.T) {
	day, night, chosen := palettes(t)
	if !maps.Equal(night, chosen) {
		t.Errorf("night differs between the device's wish and the learner's:\n%v\n%v", night, chosen)
	}
	grounds := []string{"paper", "ground", "tint"}
	for name, c := range map[string]map[string]string{"day": day, "night": night} {
		apart := func(a, b string, least float64) {
			t.Helper()
			if c[a] == "" || c[b] == "" {
				t.Fatalf("by %s: %q or %q is no colour of tokens.css", name, a, b)
			}
			if got := contrast(t, c[a], c[b]); got < least {
				t.Errorf("by %s: --%s %s on --%s %s is %.2f:1, it must be %.1f:1", name, a, c[a], b, c[b], got, least)
			}
		}
		for _, g := range grounds {
			for _, text := range []string{"ink", "soft", "link", "accent"} {
				apart(text, g, 7)
			}
			apart("edge", g, 4.5)
			apart("focus", g, 3)
		}
		for _, say := range []string{"right", "warn", "wrong"} {
			apart(say, say+"-ground", 7)
			apart(say, "paper", 7)
			apart("ink", say+"-ground", 7)
			apart("soft", say+"-ground", 7)
			apart("link", say+"-ground", 7)
		}
		apart("on-bar", "bar", 7)
		apart("on-accent", "accent", 7)
		apart("focus", "bar", 3)
	}
}
