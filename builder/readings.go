package builder

import (
	"context"
	"path"
	"sync"
	"sync/atomic"

	"sopan.dev/sopan/builder/course"
	"sopan.dev/sopan/builder/source"
	"sopan.dev/sopan/internal/parallel"
)

// folderTexts is the texts of a folder, by their numbers in the survey. What is
// remembered on the disk is kept by folders.
type folderTexts struct {
	away   away
	name   string
	texts  []int
	fresh  []int                     // of them, those that have to be read
	unread atomic.Int32              // how many of these are left
	known  bool                      // the disk knows these texts and no others
	packed map[textKey]course.Packed // what it knows, where that is not all
}

// texts is what texts said in the last build.
type texts struct {
	environment source.Hash
	byFile      func() map[string]*course.Reading // nil: there was none. A program that builds once never asks
}

// byFileOnce makes the list of readings by their files when it is asked for.
func byFileOnce(files []string, readings []*course.Reading) func() map[string]*course.Reading {
	return sync.OnceValue(func() map[string]*course.Reading {
		out := make(map[string]*course.Reading, len(files))
		for i, file := range files {
			out[file] = readings[i]
		}
		return out
	})
}

// readings gives what each text says: from memory, else from the disk, else
// read anew. Texts are read folder by folder, so that what is packed of them
// can be put on the disk and let go of while others are read.
func (b *Builder) readings(ctx context.Context, tree *source.Tree, survey *course.Survey) ([]*course.Reading, error) {
	environment := survey.Environment()
	b.kept.in(environment)
	readings := make([]*course.Reading, survey.Len())
	hashes := make([]source.Hash, survey.Len())
	folderOf := make([]*folderTexts, survey.Len())
	files := make([]string, survey.Len())
	named := map[string]*folderTexts{}
	var folders []*folderTexts
	for i := range readings {
		files[i] = survey.File(i)
		name := path.Dir(files[i])
		f := named[name]
		if f == nil {
			f = &folderTexts{name: name}
			named[name] = f
			folders = append(folders, f)
		}
		f.texts = append(f.texts, i)
		folderOf[i] = f
	}
	if b.read.environment != environment {
		b.read = texts{environment: environment}
	}
	var before map[string]*course.Reading
	first := b.read.byFile == nil
	if !first {
		before = b.read.byFile()
	}
	err := parallel.Each(ctx, len(folders), func(n int) error {
		f := folders[n]
		b.kept.wants(f.name)
		var facts map[textKey]*course.Reading
		if first {
			if facts = b.kept.facts(f.name, survey); len(facts) == 0 {
				f.fresh = f.texts // nobody asks for their hashes
				f.unread.Store(int32(len(f.fresh)))
				return nil
			}
		}
		var unknown []int
		for _, i := range f.texts {
			var err error
			if hashes[i], err = tree.Hash(files[i]); err != nil {
				return err
			}
			if r := before[files[i]]; r != nil && r.Hash == hashes[i] {
				readings[i] = r
			} else {
				unknown = append(unknown, i)
			}
		}
		if len(unknown) > 0 && !first {
			facts = b.kept.facts(f.name, survey)
		}
		f.known = len(unknown) == 0 || len(facts) == len(f.texts)
		for _, i := range unknown {
			f.known = f.known && facts[textKey{files[i], hashes[i]}] != nil
		}
		if !f.known {
			f.packed = b.kept.packsOf(f.name, nil)
		}
		for _, i := range unknown {
			of := textKey{files[i], hashes[i]}
			if _, whole := f.packed[of]; facts[of] != nil && (f.known || whole) {
				readings[i] = facts[of]
			} else {
				f.fresh = append(f.fresh, i)
			}
		}
		if f.unread.Store(int32(len(f.fresh))); len(f.fresh) == 0 && !f.known {
			b.kept.putFacts(f, readings, survey)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = parallel.Each(ctx, len(readings), func(i int) error {
		if readings[i] != nil {
			return nil
		}
		f := folderOf[i]
		r, err := b.kept.read(f, survey, i)
		if err != nil {
			return err
		}
		readings[i] = r
		if f.unread.Add(-1) == 0 {
			b.kept.putAway(f, readings, survey.File)
			b.kept.putFacts(f, readings, survey)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	b.read.byFile = byFileOnce(files, readings)
	return readings, nil
}
