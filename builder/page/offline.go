package page

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strconv"
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
	p.copied(workerAddress, "", readsBytes(content), func() ([]byte, error) { return content, nil })
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

func (p *planner) unkept(b *bytes.Buffer, c *course.Course, lang string) error {
	address := unkeptAddress(c, lang)
	front := p.placeIn(&c.Place, lang)
	view := UnkeptPage{Common: p.plain("unkept", address, lang, p.word(lang, "unkept")), Course: Link{Lang: lang, Title: front.Title, Href: href(address, front.Address, "")}}
	view.Styles = []string{href(address, p.assets.Styles[bundle.Main], "")}
	return p.execute(b, "unkept", view)
}

// made is what a list of files keeps of those in the plan.
type made struct {
	address string
	render  func() ([]byte, error)
}

// release adds the list of what a course is in a language. own are the files
// that were planned for both; all is the plan but for the lists.
func (p *planner) release(c *course.Course, lang string, own [2][]made, all []made) {
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
				render[f.address] = f.render
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

func (p *planner) kept(c *course.Course, lang string, own [2][]made) kept {
	paths := make(map[string]bool, len(own[1])+64)
	paths[courseAddress(c)], paths[unkeptAddress(c, lang)] = true, true
	for _, part := range own {
		for _, f := range part {
			paths[f.address] = true
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

// relist brings a list of the last build up to date, which has the same files. It
// reads the lines that writeRelease wrote.
func relist(slug, lang string, old []byte, sum func(string) (output.Sum, bool)) ([]byte, error) {
	_, lines, found := bytes.Cut(old, []byte(releaseFiles))
	body, end := bytes.CutSuffix(lines, []byte(releaseEnd))
	if !found || !end {
		return nil, fmt.Errorf("reading the list of the course %s of the last build: it is none", slug)
	}
	out := beginRelease(slug, lang, len(body)+len(body)/16)
	begin := len(out)
	for line := range bytes.SplitSeq(body, []byte(",\n")) {
		if len(out) > begin {
			out = append(out, ",\n"...)
		}
		at := max(bytes.LastIndex(line, []byte(`",`)), 0) + 1
		name, size := line[min(1, at):at], line[at:]
		address := string(bytes.Trim(name, `"`))
		if bytes.IndexByte(name, '\\') >= 0 {
			if err := json.Unmarshal(name, &address); err != nil {
				return nil, fmt.Errorf("reading the list of the course %s of the last build: %w", slug, err)
			}
		}
		if now, ok := sum(address); ok && !bytes.HasPrefix(size, []byte(",0,")) { // else another file stands for it
			out = appendRelease(out, name, now)
		} else {
			out = append(out, line...)
		}
	}
	return sealRelease(out, begin), nil
}

const releaseFiles, releaseEnd = "\"files\": [\n", "\n]\n}\n"

// writeRelease writes one file a line, so that two releases can be compared by
// eye.
func writeRelease(slug, lang string, files []releaseFile) ([]byte, error) {
	const usual = 160 // bytes of a line
	out := beginRelease(slug, lang, usual*len(files))
	begin := len(out)
	for _, f := range files {
		name, err := json.Marshal(f.path)
		if err != nil {
			return nil, err
		}
		if len(out) > begin {
			out = append(out, ",\n"...)
		}
		out = appendRelease(out, name, f.Sum)
	}
	return sealRelease(out, begin), nil
}

func appendRelease(b, name []byte, s output.Sum) []byte {
	b = append(append(append(b, '['), name...), ',')
	b = append(strconv.AppendInt(b, s.Size, 10), `,"`...)
	return append(append(b, s.SHA256...), `"]`...)
}

// beginRelease writes what stands before the files of a release, with room for so
// many bytes of these. Its name is not known before them.
func beginRelease(slug, lang string, room int) []byte {
	return fmt.Appendf(make([]byte, 0, room+200), "{\n\"sopan_offline\": 1,\n\"course\": %q,\n\"lang\": %q,\n\"release\": \"%*s\",\n%s", slug, lang, digitsOfRelease, "", releaseFiles)
}

// digitsOfRelease is the length of a release's name.
const digitsOfRelease = 32

// sealRelease names a release by its files, which begin at a place in b, and ends it.
func sealRelease(b []byte, begin int) []byte {
	sum := sha256.Sum256(b[begin:])
	name := b[begin-len("\",\n"+releaseFiles)-digitsOfRelease:]
	hex.Encode(name, sum[:digitsOfRelease/2])
	return append(b, releaseEnd...)
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
