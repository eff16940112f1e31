//go:build unix

package source

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

func TestFault21And22LinksOutPipesAndLoopsAreRefusedQuickly(t *testing.T) {
	dir := t.TempDir()
	outside := dir + "-secret" // shares the root's path as a prefix
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(dir, "content/a"), 0o755))
	must(os.MkdirAll(outside, 0o755))
	t.Cleanup(func() { os.RemoveAll(outside) })
	must(os.WriteFile(filepath.Join(outside, "key"), []byte("secret"), 0o644))
	must(os.WriteFile(filepath.Join(dir, "content/a/real.md"), []byte("x"), 0o644))
	must(os.Symlink(filepath.Join(outside, "key"), filepath.Join(dir, "content/a/out.md")))
	must(os.Symlink("real.md", filepath.Join(dir, "content/a/inside.md")))
	must(os.Symlink("..", filepath.Join(dir, "content/a/loop")))
	must(os.Symlink("self.md", filepath.Join(dir, "content/a/self.md")))
	must(syscall.Mkfifo(filepath.Join(dir, "content/a/pipe.md"), 0o644))
	must(os.Symlink("pipe.md", filepath.Join(dir, "content/a/to-pipe.md")))
	root, err := os.OpenRoot(dir)
	must(err)
	defer root.Close()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	tree, diags, err := Read(ctx, root.FS(), nil)
	must(err)
	got := map[string]string{}
	for _, d := range diags {
		got[filepath.Base(d.Start.File)] = d.Code
	}
	want := map[string]string{"out.md": "source/link-outside", "loop": "source/link-to-folder", "self.md": "source/link-outside", "pipe.md": "source/not-a-file", "to-pipe.md": "source/not-a-file"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
	if !tree.Has("content/a/inside.md") || tree.Has("content/a/out.md") {
		t.Errorf("files: %v", tree.Files())
	}
	// Swapped in after the listing: reading must not follow it out either.
	must(os.Remove(filepath.Join(dir, "content/a/real.md")))
	must(os.Symlink(filepath.Join(outside, "key"), filepath.Join(dir, "content/a/real.md")))
	if b, err := tree.Bytes("content/a/real.md"); err == nil {
		t.Errorf("read %q through a link that leads out", b)
	}
}

// What stands at the root may be a link inside the folder; one that leads out, in circles or nowhere is the author's to mend,
// and never an empty site.
func TestFault21TheFoldersOfASiteAreNotElsewhere(t *testing.T) {
	for _, name := range []string{"content", "static", "themes", "sopan.yaml", "sopan.lock"} {
		for what, target := range map[string]string{"out": "/", "circles": name, "inside": "kept", "nowhere": "gone"} {
			dir := t.TempDir()
			if err := os.MkdirAll(filepath.Join(dir, "kept"), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			root, err := os.OpenRoot(dir)
			if err != nil {
				t.Fatal(err)
			}
			_, diags, err := Read(t.Context(), root.FS(), nil)
			root.Close()
			refused := len(diags) == 1 && diags[0].Start.File == name && diags[0].Code == "source/link-outside"
			if err != nil || refused != (what != "inside") {
				t.Errorf("%s leads %s: %v, %v", name, what, diags, err)
			}
		}
	}
}
