package output

import (
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// makeFile creates a file through a disk and fails the test when it cannot.
func makeFile(t *testing.T, d disk, name string) {
	t.Helper()
	f, err := d.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	f.Close()
}

func TestAFolderThatWasMovedIsNotWrittenIntoUnderItsOldName(t *testing.T) {
	moves := map[string]func(d disk) error{
		"renamed":   func(d disk) error { return d.Rename("a", "b") },
		"removed":   func(d disk) error { return d.RemoveAll("a") },
		"put away":  func(d disk) error { return d.Park("a", filepath.Join(t.TempDir(), "spare")) },
		"inside it": func(d disk) error { return d.RemoveAll("a/deep") },
	}
	for name, move := range moves {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			d, err := openDisk(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			for _, folder := range []string{"a", "a/deep"} {
				if err := d.Mkdir(folder, 0o755); err != nil {
					t.Fatal(err)
				}
			}
			makeFile(t, d, "a/deep/before")
			if err := move(d); err != nil {
				t.Fatal(err)
			}
			for _, folder := range []string{"a", "a/deep"} {
				if err := d.Mkdir(folder, 0o755); err != nil && !os.IsExist(err) {
					t.Fatal(err)
				}
			}
			makeFile(t, d, "a/deep/after")
			entries, err := fs.ReadDir(os.DirFS(dir), "a/deep")
			if err != nil || len(entries) != 1 || entries[0].Name() != "after" {
				t.Errorf("the new folder holds %v (%v), want the file written after the old one was %s", entries, err, name)
			}
		})
	}
}
