package page

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"sync"

	"sopan.dev/sopan/builder/bundle"
	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/runtime"
)

// This file is the Go side of runtime/offline_release.ts: for each course and
// language the list of all files that it takes to study without a network,
// with their sizes and sums, and the service worker that fetches them.

// workerAddress is where the service worker stands, for ever: browsers find
// the worker that they have by its address, and it may answer for its own
// folder only.
const workerAddress = "sw.js"

// keepable tells whether courses can be kept on a device. A preview's pages
// change all the time, and in a package for a learning platform the platform
// decides what is kept.
func (p *planner) keepable() bool {
	return p.site.Settings.Offline && !p.options.Preview && !runtime.Hosted(p.options.Profile)
}

// worker adds the service worker. Where courses are not kept it is one that
// takes the place of an earlier release's and removes what that one kept.
func (p *planner) worker() {
	if runtime.Hosted(p.options.Profile) {
		return
	}
	content := p.assets.Workers["worker_off"]
	if p.keepable() {
		content = p.assets.Workers["worker"]
	}
	p.add(workerAddress, "", readsBytes(content), func() ([]byte, error) { return content, nil })
}

// releaseName is what a course in a language is kept as.
func releaseName(c *course.Course, lang string) string { return c.Slug + "." + lang }

// releaseAddress is where a release's list of files stands.
func releaseAddress(c *course.Course, lang string) string {
	return path.Join(bundle.Folder, "offline", releaseName(c, lang)+".json")
}

// unkeptAddress is where the page stands that is shown in the place of one
// that is not kept. The worker knows it by the name of the release.
func unkeptAddress(c *course.Course, lang string) string {
	return path.Join(bundle.Folder, "offline", releaseName(c, lang)+".html")
}

func (p *planner) unkept(c *course.Course, lang string) ([]byte, error) {
	address := unkeptAddress(c, lang)
	front := p.placeIn(&c.Place, lang)
	view := UnkeptPage{Common: p.plain("unkept", address, lang, p.word(lang, "unkept")), Course: Link{Lang: lang, Title: front.Title, Href: href(address, front.Address, "")}}
	view.Styles = []string{href(address, p.assets.Styles[bundle.Main], "")}
	return p.execute("unkept", view)
}

// release adds the list of what a course is in a language. own are the files
// that were planned for both; all is the plan but for the lists.
func (p *planner) release(c *course.Course, lang string, own [2][]File, all []File) {
	list := sync.OnceValue(func() kept { return p.kept(c, lang, own) })
	late := func(sum func(string) (output.Sum, bool)) ([]byte, error) {
		return releaseList(c.Slug, lang, list(), sum)
	}
	p.files = append(p.files, File{
		Address: releaseAddress(c, lang),
		Late:    late,
		// For who asks for this one file: everything in it is made once more.
		Render: func() ([]byte, error) {
			render := make(map[string]func() ([]byte, error), len(all))
			for _, f := range all {
				render[f.Address] = f.Render
			}
			var failed error
			content, err := late(func(address string) (output.Sum, bool) {
				if failed != nil || render[address] == nil {
					return output.Sum{}, false
				}
				var b []byte
				if b, failed = render[address](); failed != nil {
					return output.Sum{}, false
				}
				return output.SumOf(b), true
			})
			if failed != nil {
				err = failed
			}
			return content, err
		},
	})
}

// kept is the files of a release.
type kept struct {
	paths  []string          // in order
	stands map[string]string // for pictures in widths that are not kept: the one that is
}

func (p *planner) kept(c *course.Course, lang string, own [2][]File) kept {
	paths := make(map[string]bool, len(own[1])+64)
	paths[courseAddress(c)], paths[unkeptAddress(c, lang)] = true, true
	for _, part := range own {
		for _, f := range part {
			paths[f.Address] = true
		}
	}
	if p.options.Profile != "" {
		paths["index.html"] = true // the gate
	}
	for name, a := range p.assets.Scripts[lang] {
		if name != "recorder" && name != "unsent" || p.endpoint() != "" {
			paths[a] = true
		}
	}
	for _, a := range p.assets.Styles {
		paths[a] = true
	}
	stands := map[string]string{}
	for _, a := range p.site.Uses(c, lang) {
		if !a.Replaced {
			paths[a.Address] = true
		}
		if len(a.Pictures) == 0 {
			continue
		}
		widest := a.Pictures[0]
		for _, version := range a.Pictures {
			if version.Width <= keptWidth {
				widest = version
			}
		}
		paths[widest.Address] = true
		for _, version := range a.Pictures {
			if !paths[version.Address] {
				stands[version.Address] = widest.Address
			}
		}
	}
	for address := range p.themes {
		paths[address] = true
	}
	return kept{slices.Sorted(maps.Keys(paths)), stands}
}

// keptWidth is the widest version of a photograph that is kept: a phone's
// screen at two pixels a CSS pixel. The others would double what is fetched.
const keptWidth = 720

// releaseFile is a file of a release. A path of size 0 with another one's sum
// is answered with that one.
type releaseFile struct {
	path string
	output.Sum
}

func releaseList(slug, lang string, list kept, sum func(string) (output.Sum, bool)) ([]byte, error) {
	files := make([]releaseFile, 0, len(list.paths)+len(list.stands))
	add := func(address, of string) error {
		s, ok := sum(of)
		if !ok {
			return fmt.Errorf("listing %s of the course %s: nothing is known of it", of, slug)
		}
		if of != address {
			s.Size = 0
		}
		files = append(files, releaseFile{address, s})
		return nil
	}
	for _, address := range list.paths {
		if err := add(address, address); err != nil {
			return nil, err
		}
	}
	for _, address := range slices.Sorted(maps.Keys(list.stands)) {
		if err := add(address, list.stands[address]); err != nil {
			return nil, err
		}
	}
	return writeRelease(slug, lang, files)
}

// relist brings a list of the last build up to date, which has the same files.
func relist(old []byte, sum func(string) (output.Sum, bool)) ([]byte, error) {
	var list struct {
		Course, Lang string
		Files        [][3]any
	}
	if err := json.Unmarshal(old, &list); err != nil {
		return nil, fmt.Errorf("reading a list of the last build: %w", err)
	}
	files := make([]releaseFile, len(list.Files))
	for i, f := range list.Files {
		address, _ := f[0].(string)
		size, _ := f[1].(float64)
		hash, _ := f[2].(string)
		files[i] = releaseFile{address, output.Sum{Size: int64(size), SHA256: hash}}
		if now, ok := sum(address); ok && size > 0 {
			files[i].Sum = now
		}
	}
	return writeRelease(list.Course, list.Lang, files)
}

// writeRelease writes one file a line, so that two releases can be compared by
// eye.
func writeRelease(slug, lang string, files []releaseFile) ([]byte, error) {
	var body []byte
	for _, f := range files {
		name, err := json.Marshal(f.path)
		if err != nil {
			return nil, err
		}
		if body != nil {
			body = append(body, ",\n"...)
		}
		body = fmt.Appendf(body, `[%s,%d,"%s"]`, name, f.Size, f.SHA256)
	}
	name := sha256.Sum256(body)
	return fmt.Appendf(nil, "{\n\"sopan_offline\": 1,\n\"course\": %q,\n\"lang\": %q,\n\"release\": %q,\n\"files\": [\n%s\n]\n}\n", slug, lang, hex.EncodeToString(name[:16]), body), nil
}

// OfflineView is what the control of a course's page needs.
type OfflineView struct {
	Name string // of the list: "mission-karmayogi.hi"
	Root string // relative way to the output's root
}

// offlineView gives nil where courses are not kept.
func (p *planner) offlineView(c *course.Course, v *course.Version) *OfflineView {
	if !p.keepable() {
		return nil
	}
	return &OfflineView{Name: releaseName(c, v.Lang), Root: root(v.Address)}
}
