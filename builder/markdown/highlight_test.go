package markdown

import (
	"math"
	"strconv"
	"strings"
	"testing"
)

// contrast is WCAG 2.2's contrast ratio of two colours `#rrggbb`.
func contrast(t *testing.T, a, b string) float64 {
	t.Helper()
	luminance := func(c string) float64 {
		n, err := strconv.ParseUint(strings.TrimPrefix(c, "#"), 16, 32)
		if err != nil || len(c) != 7 {
			t.Fatalf("%q is no colour", c)
		}
		linear := func(v uint64) float64 {
			s := float64(v&0xff) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*linear(n>>16) + 0.7152*linear(n>>8) + 0.0722*linear(n)
	}
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func TestHighlightedCodeHasAContrastOfSevenToOne(t *testing.T) {
	check := func(what, color, ground string) {
		if c := contrast(t, color, ground); c < 7 {
			t.Errorf("%s: %s on %s is %.1f:1", what, color, ground, c)
		}
	}
	check("text, light", lightInk, lightGround)
	check("text, dark", darkInk, darkGround)
	for _, s := range shades {
		if s.light != "" {
			check(s.class+", light", s.light, lightGround)
			check(s.class+", dark", s.dark, darkGround)
		}
	}
	if c := contrast(t, "#ffffff", "#000000"); math.Abs(c-21) > 0.01 {
		t.Errorf("black on white is %.2f:1", c)
	}
}

func TestHighlightCSSHasARuleForEachClass(t *testing.T) {
	css := HighlightCSS()
	for name, class := range highlighted {
		if n := strings.Count(css, ".chroma ."+class+"{"); n < 1 {
			t.Errorf("chroma's class %s becomes %s, which has no rule", name, class)
		}
	}
	for _, s := range shades {
		if s.light != "" && strings.Count(css, ".chroma ."+s.class+"{") != 3 {
			t.Errorf("%s is not coloured in light, dark by system and dark by choice", s.class)
		}
	}
	if strings.Count(css, "{") != strings.Count(css, "}") || strings.Contains(css, "url(") {
		t.Error("the rules are broken:\n" + css)
	}
	if len(css) > 3000 {
		t.Errorf("%d bytes of CSS", len(css))
	}
}
