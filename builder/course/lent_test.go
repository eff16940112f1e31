package course

import (
	"context"
	"io/fs"
	"os"
	"reflect"
	"runtime"
	"testing"

	"sopan.dev/sopan/builder/source"
)

// scribbling is a site's folder whose files are written over when they were read.
type scribbling struct {
	fs.FS
	read [][]byte
}

func (s *scribbling) ReadFileIn(_ []byte, name string) ([]byte, error) {
	b, err := fs.ReadFile(s.FS, name)
	s.read = append(s.read, b)
	return b, err
}

func (s *scribbling) scribble() {
	for _, b := range s.read {
		for i := range b {
			b[i] = '#'
		}
	}
	s.read = nil
}

// Where a text stood the next one is read, and where its body and words stood those of the next: nothing of what is kept of it may
// be a part of them. Of the sample, and of each site with a mistake, whose diagnostics quote it.
func TestAReadingHoldsNoPartOfItsText(t *testing.T) {
	sites := map[string]fs.FS{"the sample": os.DirFS("../..")}
	for _, name := range wrongSites(t) {
		_, files, _ := readWrong(t, name)
		sites[name] = files
	}
	texts := 0
	for name, site := range sites {
		said := func(fsys fs.FS, then func()) map[string]*Reading {
			tree, _, err := source.Read(context.Background(), fsys, nil)
			if err != nil {
				t.Fatal(err)
			}
			s, err := Open(tree)
			if err != nil {
				t.Fatal(err)
			}
			s.Bodies = true
			then()
			out := map[string]*Reading{}
			for i := range s.Len() {
				r, err := s.Read(i)
				if err != nil {
					t.Fatal(err)
				}
				then()
				r.Diags = r.Diags.Sort()
				out[s.File(i)] = r
			}
			return out
		}
		over := &scribbling{FS: site}
		letGo := func() { // of all that serves again
			runtime.GC()
			runtime.GC()
		}
		want, got := said(site, letGo), said(over, over.scribble)
		for file, says := range want {
			if texts++; !reflect.DeepEqual(got[file], says) {
				t.Errorf("%s: %s says otherwise when its bytes are written over:\n%+v\n%+v", name, file, says, got[file])
			}
		}
	}
	if texts < 100 {
		t.Errorf("only %d texts", texts)
	}
}
