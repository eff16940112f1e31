package export

import (
	"context"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/runtime"
)

var (
	scriptOf = regexp.MustCompile(`<script src="([^"]+)"`)
	laterOf  = regexp.MustCompile(`"(unsent|packer|sending)":"([^"]+)"`)
)

// TestThePackageHoldsEveryScriptThatItsShellAsksFor: the one recorder that the shell carries, and those that it asks for
// later, at addresses of the package and in its lists.
func TestThePackageHoldsEveryScriptThatItsShellAsksFor(t *testing.T) {
	want := map[string][]string{"cmi5": {"sending", "unsent"}, "xapi": {"sending", "unsent"}, "scorm12": {"packer"}, "scorm2004": {"packer"}}
	for _, f := range Formats() {
		if !runtime.Hosted(f.Profile) {
			continue
		}
		for _, split := range []bool{false, true} {
			result, diags, err := builder.New().Build(context.Background(), aCourse(nil), builder.Options{Course: "rti", Profile: f.Profile, Split: split})
			if err != nil || diags.HasErrors() {
				t.Fatalf("building: %v %v", err, diags)
			}
			p, diags, err := Make(context.Background(), f, result.Site, result.Set, Options{Split: split})
			if err != nil || diags.HasErrors() {
				t.Fatalf("packing: %v %v", err, diags)
			}
			files := map[string]string{}
			for _, one := range p.Files {
				files[one.Path] = string(one.Content)
			}
			entry, _ := p.Set.Entry(ManifestName)
			listed, err := ReadManifest(entry.Bytes)
			if err != nil {
				t.Fatal(err)
			}
			shells := 0
			for name, content := range files {
				if !strings.Contains(content, `id="sopan-shell"`) {
					continue
				}
				shells++
				later := map[string]string{}
				for _, m := range laterOf.FindAllStringSubmatch(content, -1) {
					later[m[1]] = m[2]
				}
				if got := slices.Sorted(maps.Keys(later)); !slices.Equal(got, want[f.Name]) {
					t.Errorf("%s: %s asks for %v later, want %v", f.Name, name, got, want[f.Name])
				}
				addresses := slices.Collect(maps.Values(later))
				recorders := 0
				for _, m := range scriptOf.FindAllStringSubmatch(content, -1) {
					addresses = append(addresses, m[1])
					script, _, _ := strings.Cut(path.Base(m[1]), ".")
					if _, isFormat := Find(script); isFormat || script == "recorder" {
						if recorders++; script != f.Name {
							t.Errorf("%s: %s carries the recorder of %s", f.Name, name, script)
						}
					}
				}
				if recorders != 1 {
					t.Errorf("%s: %s carries %d recorders", f.Name, name, recorders)
				}
				for _, address := range addresses {
					if files[address] == "" || !slices.ContainsFunc(listed.Files, func(m Manifested) bool { return m.Path == address }) {
						t.Errorf("%s: %s asks for %s, which the package has not, or does not list", f.Name, name, address)
					}
					if ims := files["imsmanifest.xml"]; ims != "" && !strings.Contains(ims, `"`+address+`"`) {
						t.Errorf("%s: imsmanifest.xml does not list %s", f.Name, address)
					}
				}
			}
			if shells != len(result.Site.Courses[0].Modules) && split || shells != 1 && !split {
				t.Errorf("%s, split %t: %d shells", f.Name, split, shells)
			}
		}
	}
}
