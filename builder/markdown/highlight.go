package markdown

import (
	"strings"
)

// highlighted folds chroma's hundred classes into the few that a reader can
// tell apart. The values are chroma's own short names, so that a theme made
// for chroma colours them too.
var highlighted = map[string]string{
	"c": "c", "ch": "c", "cm": "c", "c1": "c", "cs": "c", "cp": "k", "cpf": "s",
	"k": "k", "kc": "k", "kd": "k", "kn": "k", "kp": "k", "kr": "k", "kt": "nc", "ow": "k",
	"s": "s", "m": "m", "l": "m", "ld": "m",
	"nf": "nf", "fm": "nf", "nb": "nf", "bp": "nf", "nc": "nc", "nn": "nc", "ne": "nc",
	"nt": "nt", "na": "na", "nd": "na", "no": "m", "nv": "na",
	"err": "err", "gd": "gd", "gi": "gi", "gh": "gh", "gu": "gh", "gp": "c",
	"ge": "ge", "gs": "gs", "gr": "err",
}

// shade is the colours of a class on light and on dark ground.
type shade struct{ class, light, dark, more string }

// The grounds are the theme's; each colour has a contrast of at least 7:1 on
// its ground, which a test computes.
const (
	lightGround, lightInk = "#f7f5f2", "#150202"
	darkGround, darkInk   = "#1a1a21", "#eceaf2"
)

var shades = [...]shade{
	{"c", "#4f4a46", "#b3b0bd", "font-style:italic"},
	{"k", "#6b1a6b", "#e3a6f0", ""},
	{"s", "#0f4d2b", "#9bd9a8", ""},
	{"m", "#6b3a00", "#f2c078", ""},
	{"nf", "#0b3c8a", "#9cc3ff", ""},
	{"nc", "#07475a", "#8fd8e6", ""},
	{"nt", "#7a1420", "#ffb0b0", ""},
	{"na", "#5a3b00", "#e8cf8a", ""},
	{"err", "#8a1020", "#ffb3b3", "text-decoration:underline wavy"},
	{"gd", "#8a1020", "#ffb3b3", ""},
	{"gi", "#0f4d2b", "#9bd9a8", ""},
	{"gh", "#0b3c8a", "#9cc3ff", "font-weight:bold"},
	{"ge", "", "", "font-style:italic"},
	{"gs", "", "", "font-weight:bold"},
}

// HighlightCSS gives the rules for highlighted code: colours for light ground,
// for dark ground where the reader's system or the page's data-theme asks for
// it, and none of them in forced colours, where the system chooses.
func HighlightCSS() string {
	var light, dark strings.Builder
	light.WriteString(".chroma{background:" + lightGround + ";color:" + lightInk + "}\n")
	rule := func(b *strings.Builder, scope string, s shade, color, more string) {
		if color != "" {
			more = strings.TrimSuffix("color:"+color+";"+more, ";")
		}
		if more != "" {
			b.WriteString(scope + ".chroma ." + s.class + "{" + more + "}\n")
		}
	}
	for _, s := range shades {
		rule(&light, "", s, s.light, s.more)
	}
	night := func(scope string) {
		dark.WriteString(scope + ".chroma{background:" + darkGround + ";color:" + darkInk + "}\n")
		for _, s := range shades {
			rule(&dark, scope, s, s.dark, "")
		}
	}
	dark.WriteString("@media (prefers-color-scheme:dark){\n")
	night(":root:not([data-theme=light]) ")
	dark.WriteString("}\n")
	night("[data-theme=dark] ")
	return light.String() + dark.String()
}
