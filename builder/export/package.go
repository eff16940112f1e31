package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/output"
	"sopan.dev/sopan/builder/page"
	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/internal/parallel"
	scripts "sopan.dev/sopan/runtime"
)

// ManifestName is the file that lists every other file of a package with its
// size and sum: `sopan verify` reads it.
const ManifestName = "sopan-manifest.json"

// Package is a package, ready to be written.
type Package struct {
	Set   *output.Set // with the manifest
	Files []File      // without it, by path
	Bytes int64       // of all files, before they are compressed
}

// Make makes a package of the one course that a site holds. With errors among
// the diagnostics there is no package.
//
// All files are held in memory: what a learning platform takes is small beside
// it, and what is judged is then what is written, also when a source changes
// in between.
func Make(ctx context.Context, f Format, site *course.Site, set *output.Set, o Options) (*Package, diag.List, error) {
	in := Input{Site: site, Course: site.Courses[0], Paths: set.Paths(), Options: o}
	if scripts.Hosted(f.Profile) {
		in.Shells = page.Shells(in.Course, o.Split)
	}
	content, err := render(ctx, set)
	if err != nil {
		return nil, nil, err
	}
	added, diags, err := f.Pack(in)
	if err != nil {
		return nil, nil, fmt.Errorf("making the %s package: %w", f.Name, err)
	}
	for name, b := range added {
		if _, twice := content[name]; twice {
			diags = append(diags, diag.Diagnostic{Start: diag.Pos{File: sources(site)[name]}, Code: "package/name", Message: fmt.Sprintf("The file `%s` is the package's own.", name), Hint: "Rename the file of yours."})
			continue
		}
		content[name] = b
	}
	p := &Package{}
	from := sources(site)
	for _, name := range slices.Sorted(maps.Keys(content)) {
		p.Files = append(p.Files, File{name, from[name], content[name]})
		p.Bytes += int64(len(content[name]))
	}
	diags = append(append(diags, judgeNames(in, p.Files)...), judgeSecrets(in, p.Files)...)
	if f.Judge != nil {
		diags = append(diags, f.Judge(in, p.Files)...)
	}
	if diags = diags.Sort(); diags.HasErrors() {
		return nil, diags, nil
	}
	entries := map[string]output.Entry{ManifestName: {Bytes: manifest(f, in, p.Files)}}
	for _, file := range p.Files {
		entries[file.Path] = output.Entry{Bytes: file.Content}
	}
	p.Set, err = output.NewSet(entries)
	return p, diags, err
}

// render makes all files of a set, those that list others behind them.
func render(ctx context.Context, set *output.Set) (map[string][]byte, error) {
	paths := set.Paths()
	made := make([][]byte, len(paths))
	err := parallel.Each(ctx, len(paths), func(i int) (err error) {
		if entry, _ := set.Entry(paths[i]); entry.Late == nil {
			made[i], err = entry.Content()
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	content := make(map[string][]byte, len(paths))
	for i, name := range paths {
		if entry, _ := set.Entry(name); entry.Late == nil {
			content[name] = made[i]
		}
	}
	sum := func(name string) (output.Sum, bool) {
		b, there := content[name]
		return output.SumOf(b), there
	}
	late := map[string][]byte{}
	for _, name := range paths {
		if entry, _ := set.Entry(name); entry.Late != nil {
			b, err := entry.Late(sum)
			if err != nil {
				return nil, err
			}
			late[name] = b
		}
	}
	maps.Copy(content, late)
	return content, nil
}

// sources gives the author's file of each address that has one.
func sources(site *course.Site) map[string]string {
	out := map[string]string{}
	add := func(v *course.Version) {
		if v != nil && v.File != "" {
			out[v.Address] = v.File
			if v.Graph != nil {
				out[v.Facilitator()] = v.File
			}
		}
	}
	for _, c := range site.Courses {
		for _, v := range c.Versions {
			add(v)
		}
		for _, m := range c.Modules {
			for _, v := range m.Versions {
				add(v)
			}
			for _, i := range m.Items {
				for _, v := range i.Versions {
					add(v)
				}
			}
		}
	}
	for _, m := range site.Moved {
		out[m.Address] = m.To.File
	}
	for _, a := range site.Assets {
		out[a.Address] = a.File
	}
	return out
}

// Manifest is what ManifestName holds.
type Manifest struct {
	Format int          `json:"sopan_package"` // of this file
	As     string       `json:"as"`            // the package's format
	Course string       `json:"course"`        // its key
	Files  []Manifested `json:"files"`
}

// Manifested is a file as a manifest lists it.
type Manifested struct {
	Path string `json:"path"`
	Size int64  `json:"size"`
	Hash string `json:"sha256"`
}

const manifestFormat = 1

// manifest writes one file a line, so that two packages can be compared by eye.
func manifest(f Format, in Input, files []File) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n\"sopan_package\": %d,\n\"as\": %s,\n\"course\": %s,\n\"files\": [", manifestFormat, encoded(f.Name), encoded(in.Course.Key))
	for i, file := range files {
		if i > 0 {
			b.WriteByte(',')
		}
		sum := output.SumOf(file.Content)
		b.WriteByte('\n')
		b.Write(encoded(Manifested{file.Path, sum.Size, sum.SHA256}))
	}
	b.WriteString("\n]\n}\n")
	return b.Bytes()
}

func encoded(v any) []byte {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err) // only texts and numbers come here
	}
	return b
}

// ReadManifest reads what a package holds of itself.
func ReadManifest(b []byte) (Manifest, error) {
	var m Manifest
	if err := json.Unmarshal(b, &m); err != nil {
		return m, fmt.Errorf("reading %s: %w", ManifestName, err)
	}
	if m.Format != manifestFormat {
		return m, errors.New(ManifestName + " is of another kind than this version of sopan knows")
	}
	return m, nil
}
