// Package bundle makes the scripts and the style sheet of a site.
//
// In go the runtime's and the question kinds' TypeScript, which are part of the
// program, a theme's style sheets and the words of each language; out
// come few files with hashed names, ready to be copied into the output. esbuild
// does the work in memory; the package never touches a disk and asks for no
// network.
package bundle

import (
	"cmp"
	"crypto/sha256"
	"encoding/base32"
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/evanw/esbuild/pkg/api"
	"golang.org/x/sync/errgroup"

	"sopan.dev/sopan/internal/diag"
	"sopan.dev/sopan/quiz"
	"sopan.dev/sopan/runtime"
)

// Sources is what a site adds to the scripts that are part of the program.
type Sources struct {
	Theme     fs.FS                        // css/main.css, exercise.css, case.css, late.css and what they import
	ThemeDir  string                       // where the theme is, for messages: "themes/mine"
	Highlight string                       // style rules for highlighted code
	Words     map[string]map[string]string // language -> what scripts say
	Profile   string                       // of a package; "" for a site
	First     string                       // the language of a package's shell
	XAPI      string                       // the version that the record store of a site has; "" for 1.0.3, as platforms have
}

// Assets is the bundled files of a site.
type Assets struct {
	Files   map[string][]byte            // path in the output -> bytes
	Styles  map[string]string            // name of a style sheet -> path
	Scripts map[string]map[string]string // language -> name of a script -> path
	Search  map[string][]byte            // language -> the script that stands before a search index
	Workers map[string][]byte            // the service workers, by name: of fixed addresses, and so not among Files
}

// Folder is where bundled files stand in the output.
const Folder = "assets"

// The style sheets. Every page has Main; the others come with what they style,
// because a sheet keeps the page from being shown until it is there.
const (
	Main     = "sopan"
	Exercise = "exercise" // questions
	Case     = "case"     // case studies
	Late     = "late"     // what is not seen at first: pages that are read ask for it when they have loaded
	Code     = "code"     // colours of highlighted code
	Shell    = "shell"    // the first page of a package for a learning platform, which has no other
)

// searchScript has no file of its own: each search index carries it.
const searchScript = "search"

// baseScript holds what the others share.
const baseScript = "base"

// Build bundles everything for the given languages. Mistakes in a theme's
// style sheets are diagnostics; a mistake in the scripts is a fault of this
// program and an error.
func Build(s Sources) (*Assets, diag.List, error) {
	a := &Assets{Files: map[string][]byte{}, Styles: map[string]string{}, Scripts: map[string]map[string]string{}, Search: map[string][]byte{}}
	var diags diag.List
	sheets := map[string]string{Main: "theme/css/main.css", Exercise: "theme/css/exercise.css", Case: "theme/css/case.css", Late: "theme/css/late.css", Code: highlightSheet}
	if runtime.Hosted(s.Profile) {
		sheets[Shell] = "theme/css/shell.css"
	}
	for name, entry := range sheets {
		css, found := style(s, entry)
		a.Styles[name] = a.add(name, ".css", css)
		diags = append(diags, found...)
	}
	langs := slices.Sorted(maps.Keys(s.Words))
	list := slices.DeleteFunc(runtime.Scripts(), func(script runtime.Script) bool { return !script.In(s.Profile) })
	made := make([][]byte, len(langs)*len(list))
	first := map[string]int{}      // script and words -> where in made it is bundled
	same := make([]int, len(made)) // languages without words of their own say the same
	var g errgroup.Group
	for l, lang := range langs {
		for i, script := range list {
			if script.Profile != "" && lang != s.First {
				same[l*len(list)+i] = -1
				continue
			}
			said := script.For(s.Profile).Words(s.Words[lang])
			text, at := fmt.Sprint(i, said), l*len(list)+i // maps are printed in the order of their keys
			before, ok := first[text]
			if same[at] = before; ok {
				continue
			}
			first[text], same[at] = at, at
			g.Go(func() (err error) {
				made[at], err = scriptOf(script, said, "", s.XAPI)
				return err
			})
		}
	}
	if err := g.Wait(); err != nil {
		return nil, nil, err
	}
	a.Workers = map[string][]byte{}
	for _, script := range runtime.Workers() {
		content, err := Script(script, nil, "")
		if err != nil {
			return nil, nil, err
		}
		a.Workers[script.Name] = content
	}
	for l, lang := range langs {
		a.Scripts[lang] = map[string]string{}
		for i, script := range list {
			at := same[l*len(list)+i]
			if at < 0 {
				continue
			}
			content := made[at]
			if script.Name == searchScript {
				a.Search[lang] = content
				continue
			}
			name := script.Name + "." + lang
			if script.Silent() {
				name = script.Name
			}
			a.Scripts[lang][script.Name] = a.add(name, ".js", content)
		}
	}
	return a, diags, nil
}

// add names a file by its content, so that a browser may keep it for ever.
func (a *Assets) add(name, ext string, content []byte) string {
	sum := sha256.Sum256(content)
	hash := strings.ToLower(base32.StdEncoding.EncodeToString(sum[:5]))
	p := path.Join(Folder, name+"."+hash+ext)
	a.Files[p] = content
	return p
}

// engines are the browsers that styles must work in: the Android WebView that
// a phone of 2020 has, and what was current with it. Scripts keep to ES2020,
// which the same browsers run: naming the engines to esbuild would make it
// refuse destructuring, because of a bug in Safari 13 that our scripts do not
// touch.
var engines = []api.Engine{
	{Name: api.EngineChrome, Version: "80"}, {Name: api.EngineFirefox, Version: "78"}, {Name: api.EngineSafari, Version: "13.1"},
}

// Script bundles one script with the words that it says. kinds is the module
// with the table of question kinds; "" for those of the program.
func Script(script runtime.Script, said map[string]string, kinds string) ([]byte, error) {
	return scriptOf(script, said, kinds, "")
}

func scriptOf(script runtime.Script, said map[string]string, kinds, xapi string) ([]byte, error) {
	words, err := json.Marshal(said)
	if err != nil {
		return nil, fmt.Errorf("writing the words of %s: %w", script.Name, err)
	}
	if kinds == "" {
		kinds = kindsModule("quiz")
	}
	modules := map[string]virtual{
		"sopan:words":      {"export const words = " + string(words) + ";", api.LoaderJS},
		"sopan:version":    {fmt.Sprintf(`export const version = { "X-Experience-API-Version": %q };`, cmp.Or(xapi, "1.0.3")), api.LoaderJS},
		"sopan:kinds":      {kinds, api.LoaderTS},
		"sopan:more-kinds": {kindsModule(script.Name), api.LoaderTS},
	}
	entry := "runtime/" + script.Entry()
	if !script.Own {
		shared, err := sharedNames()
		if err != nil {
			return nil, err
		}
		// What base holds, in the place of the modules that it comes from.
		for _, module := range shared.from {
			modules[module] = virtual{`export * from "sopan:shared";`, api.LoaderJS}
		}
		modules["sopan:shared"] = virtual{taken(shared.names), api.LoaderJS}
		modules["sopan:said"] = virtual{`import { words } from "sopan:shared"; Object.assign(words, ` + string(words) + ");", api.LoaderJS}
		if len(said) > 0 {
			modules["sopan:entry"] = virtual{`import "sopan:said"; import "` + entry + `";`, api.LoaderJS}
			entry = "sopan:entry"
		}
	} else if script.Name == baseScript {
		shared, err := sharedNames()
		if err != nil {
			return nil, err
		}
		modules["sopan:entry"] = virtual{`import {` + shared.names + `} from "runtime/shared.ts"; import "` + entry + `"; window.sopanShared = [` + shared.names + `];`, api.LoaderJS}
		entry = "sopan:entry"
	}
	return esbuilt(entry, modules)
}

// taken is the module through which a script takes names from what is shared, by
// their places: each by itself and without side effects, so that those it does
// not use leave no trace in it.
func taken(names string) string {
	var b strings.Builder
	b.WriteString("const s = window.sopanShared;\n")
	for i, name := range strings.Split(names, ",") {
		fmt.Fprintf(&b, "export const %s = /* @__PURE__ */ (() => s[%d])();\n", name, i)
	}
	return b.String()
}

// shared is what several scripts of a page use: the names, and the modules
// that they come from. A page carries it once.
type shared struct {
	names string
	from  []string
}

// sharedNames asks esbuild once: they are the same for all scripts and words.
var sharedNames = sync.OnceValues(func() (shared, error) {
	o := options("runtime/shared.ts", map[string]virtual{"sopan:words": {"export const words = {};", api.LoaderJS}})
	o.Format, o.Metafile = api.FormatESModule, true
	r := api.Build(o)
	if len(r.Errors) > 0 {
		return shared{}, fmt.Errorf("bundling what scripts share: %s", strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	var meta struct {
		Outputs map[string]struct {
			Exports []string
			Inputs  map[string]struct{}
		}
	}
	if err := json.Unmarshal([]byte(r.Metafile), &meta); err != nil {
		return shared{}, fmt.Errorf("reading what scripts share: %w", err)
	}
	var s shared
	for _, out := range meta.Outputs { // one
		s.names = strings.Join(out.Exports, ",")
		for module := range out.Inputs {
			s.from = append(s.from, strings.TrimPrefix(module, "script:"))
		}
	}
	return s, nil
})

func options(entry string, modules map[string]virtual) api.BuildOptions {
	return api.BuildOptions{
		EntryPoints: []string{entry},
		Bundle:      true, Outdir: "/", Write: false, Format: api.FormatIIFE, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifyIdentifiers: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone,
		// Private members of classes, and nothing else, end in an underscore (runtime/private_test.go): what no other
		// script, page or storage sees has short names.
		MangleProps: `[^_]_$`,
		Target:      api.ES2020, TsconfigRaw: `{"compilerOptions":{"target":"ES2020","useDefineForClassFields":false,"strict":true}}`,
		LogLevel: api.LogLevelSilent,
		Plugins:  []api.Plugin{trees("script", map[string]fs.FS{"runtime": runtime.Files, "quiz": quiz.Scripts}, modules)},
	}
}

func esbuilt(entry string, modules map[string]virtual) ([]byte, error) {
	r := api.Build(options(entry, modules))
	if len(r.Errors) > 0 {
		return nil, fmt.Errorf("bundling the script %s: %s", entry, strings.Join(api.FormatMessages(r.Errors, api.FormatMessagesOptions{}), "\n"))
	}
	return r.OutputFiles[0].Contents, nil
}

// KindScript names the script that a page needs beside "quiz" for the kinds of
// questions in it: none for those that most quizzes ask; "typed" where there
// are also such as are answered in writing; else "kinds", which holds all of
// them. One of the two, never both: code that kinds share would come twice.
func KindScript(kinds []string) string {
	script := ""
	for _, k := range kinds {
		switch {
		case usual(k):
		case !written(k):
			return "kinds"
		default:
			script = "typed"
		}
	}
	return script
}

func usual(kind string) bool   { return kind == "choice" || kind == "truefalse" }
func written(kind string) bool { return kind == "text" || kind == "number" || kind == "fill" }

// holds tells which kinds are in a script's table.
func holds(script, kind string) bool {
	switch script {
	case "typed":
		return written(kind)
	case "kinds":
		return !usual(kind)
	default:
		return usual(kind)
	}
}

// kindsModule is a table of question kinds as the browser gets it: each kind's
// script exports `kind`.
func kindsModule(script string) string {
	var imports, table strings.Builder
	for i, name := range quiz.KindNames() {
		if holds(script, name) {
			fmt.Fprintf(&imports, "import { kind as k%d } from %q;\n", i, "quiz/"+name+".ts")
			fmt.Fprintf(&table, "k%d,", i)
		}
	}
	list := "[" + table.String() + "]"
	if script == "quiz" {
		list += ".concat(window.sopanKinds || [])"
	}
	return imports.String() + "export const kinds = " + list + ";\n"
}

// highlightSheet is the module that holds Sources.Highlight.
const highlightSheet = "sopan:highlight.css"

func style(s Sources, entry string) ([]byte, diag.List) {
	r := api.Build(api.BuildOptions{
		EntryPoints: []string{entry},
		Bundle:      true, Outdir: "/", Write: false, Charset: api.CharsetUTF8,
		MinifyWhitespace: true, MinifySyntax: true, LegalComments: api.LegalCommentsNone, Engines: engines,
		LogLevel: api.LogLevelSilent,
		Plugins: []api.Plugin{trees("style", map[string]fs.FS{"theme": s.Theme}, map[string]virtual{
			highlightSheet: {s.Highlight, api.LoaderCSS},
		})},
	})
	var diags diag.List
	for severity, messages := range map[diag.Severity][]api.Message{diag.Error: r.Errors, diag.Warning: r.Warnings} {
		for _, m := range messages {
			d := diag.Diagnostic{Start: diag.Pos{File: s.ThemeDir + "/css/main.css"}, Severity: severity, Code: "theme/style", Message: "The style sheet: " + m.Text + ".", Hint: "Correct the line; esbuild reads style sheets as browsers do."}
			if l := m.Location; l != nil {
				// esbuild counts lines from 1 and columns in bytes from 0.
				line := l.LineText
				d.Start = diag.Pos{File: strings.Replace(strings.TrimPrefix(l.File, "style:"), "theme/", s.ThemeDir+"/", 1), Line: l.Line, Col: 1 + len([]rune(line[:min(l.Column, len(line))]))}
			}
			diags = append(diags, d)
		}
	}
	if len(r.OutputFiles) == 0 {
		return nil, diags
	}
	return r.OutputFiles[0].Contents, diags
}

// virtual is a module that exists in memory only, also in the place of a file.
type virtual struct {
	contents string
	loader   api.Loader
}

// trees serves esbuild from read-only trees: "runtime/base.ts" is base.ts in
// the tree called runtime. Nothing else can be imported.
func trees(namespace string, roots map[string]fs.FS, virtuals map[string]virtual) api.Plugin {
	return api.Plugin{Name: "sopan", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: ".*"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			if _, ok := virtuals[args.Path]; ok {
				return api.OnResolveResult{Path: args.Path, Namespace: namespace}, nil
			}
			p := path.Clean(args.Path)
			if args.Kind == api.ResolveCSSURLToken {
				return api.OnResolveResult{}, fmt.Errorf("style sheets load no files, but this one loads %q", args.Path)
			}
			if args.Kind != api.ResolveEntryPoint && (strings.HasPrefix(args.Path, ".") || namespace == "style") {
				p = path.Join(path.Dir(args.Importer), args.Path)
			}
			root, rest, ok := strings.Cut(p, "/")
			if tree := roots[root]; ok && tree != nil {
				for _, ext := range []string{"", ".ts", ".css"} {
					if info, err := fs.Stat(tree, rest+ext); err == nil && !info.IsDir() {
						return api.OnResolveResult{Path: p + ext, Namespace: namespace}, nil
					}
				}
			}
			return api.OnResolveResult{}, fmt.Errorf("there is no file %q to import", args.Path)
		})
		b.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: namespace}, func(args api.OnLoadArgs) (api.OnLoadResult, error) {
			if v, ok := virtuals[args.Path]; ok {
				return api.OnLoadResult{Contents: &v.contents, Loader: v.loader}, nil
			}
			root, rest, _ := strings.Cut(args.Path, "/")
			content, err := fs.ReadFile(roots[root], rest)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text := string(content)
			loader := api.LoaderTS
			if path.Ext(rest) == ".css" {
				loader = api.LoaderCSS
			}
			return api.OnLoadResult{Contents: &text, Loader: loader}, nil
		})
	}}
}
