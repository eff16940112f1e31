package output

import "sync"

// firstSpare is the spare of a site that is written for the first time, so that the first edit is as quick as all others.
// Each folder of it is linked as soon as the last file of that folder is written: while other pages are made, and long
// before the end, when a link that is young would keep the file's stamp from proving anything. Nothing depends on it, and
// the first failure is its end.
//
// A nil *firstSpare is none.
type firstSpare struct {
	disk    disk
	from    string
	folders *folders
	files   map[string][]string // of each folder

	mu     sync.Mutex
	left   map[string]int // how many of these are not written yet
	failed bool
}

// firstSpareOf is the name of the folder in which it is made.
func firstSpareOf(fresh string) string { return fresh + "-spare" }

// prepare begins the first spare, if there is to be one.
func (w *writer) prepare() *firstSpare {
	top := firstSpareOf(w.fresh)
	if w.spare == "" || w.old.exists || w.disk.Mkdir(top, 0o755) != nil {
		return nil
	}
	s := &firstSpare{disk: w.disk, from: w.fresh, folders: newFolders(w.disk, top), files: inFolders(w.set.paths), left: map[string]int{}}
	for dir, files := range s.files {
		s.left[dir] = len(files)
	}
	return s
}

// wrote hears that a file of a folder is written.
func (s *firstSpare) wrote(dir string) {
	if s == nil {
		return
	}
	s.mu.Lock()
	s.left[dir]--
	link := s.left[dir] == 0 && !s.failed
	s.mu.Unlock()
	if !link {
		return
	}
	err := s.folders.make(dir)
	if err == nil {
		_, err = s.disk.LinkAll(s.from+"/"+dir, s.folders.top+"/"+dir, s.files[dir])
	}
	if err != nil {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.failed = true
	}
}

// leave puts it where the next build looks for it, or takes it away.
func (s *firstSpare) leave(at string) {
	if s == nil {
		return
	}
	if s.failed {
		at = ""
	}
	putAway(s.disk, s.folders.top, at)
}
