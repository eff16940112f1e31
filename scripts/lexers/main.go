// Command lexers makes a workspace in which the program is built so that it starts in half the time.
//
// Chroma's package of lexers reads the heads of 280 XML files before main begins,
// whatever the program is asked to do: half of the time that `sopan version` takes, and as
// much of each edit. The package cannot be asked to do so later. So a release is built
// with a copy of chroma in which one file, lexers.go, has another form (lexers.go.txt,
// beside this file): the same list, made when it is first asked for. Of the other files
// those are left out that only guess a text's language, since they ask before main begins.
//
//	go run ./scripts/lexers FOLDER
//	GOWORK=$PWD/FOLDER/go.work go build ./cmd/sopan
//
// The folder is in the repository and is made anew. Without it the program is the same
// and starts later.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

const chroma = "github.com/alecthomas/chroma/v2"

// replaced is the file that ours stands in for, of the version that ours was written for.
const (
	replaced       = "lexers/lexers.go"
	replacedSHA256 = "c77fe8ccf12a296451235e9f1e78adfcf2432268d31ad2b25c80bd1c05b4bf9e"
	ours           = "scripts/lexers/lexers.go.txt"
)

// guessing are the files that only say what a text without a name may be.
var guessing = []string{"lexers/dns.go", "lexers/mysql.go", "lexers/zed.go"}

func main() {
	err := errors.New("go run ./scripts/lexers FOLDER: which folder?")
	if len(os.Args) == 2 {
		err = workspace(".", os.Args[1])
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "lexers:", err)
		os.Exit(1)
	}
}

// workspace makes the folder to, which holds go.work and the copy of chroma. top is the repository's top folder.
func workspace(top, to string) error {
	instead, err := os.ReadFile(filepath.Join(top, ours))
	if err != nil {
		return fmt.Errorf("%w: run this in the repository's top folder", err)
	}
	find := exec.Command("go", "list", "-m", "-json", chroma)
	find.Dir, find.Env = top, append(os.Environ(), "GOWORK=off")
	said, err := find.Output()
	if err != nil {
		return fmt.Errorf("%v: %w", find.Args, err)
	}
	var module struct{ Dir, Version string }
	if err := json.Unmarshal(said, &module); err != nil {
		return err
	}
	theirs, err := os.ReadFile(filepath.Join(module.Dir, replaced))
	if err != nil {
		return err
	}
	if sum := sha256.Sum256(theirs); hex.EncodeToString(sum[:]) != replacedSHA256 {
		return fmt.Errorf("%s of chroma %s is not the file that %s was written for: look at what has changed, follow it there, and write %x into scripts/lexers/main.go",
			replaced, module.Version, ours, sum)
	}
	if err := os.RemoveAll(to); err != nil {
		return err
	}
	copied := filepath.Join(to, "chroma")
	if err := os.CopyFS(copied, os.DirFS(module.Dir)); err != nil {
		return err
	}
	for _, name := range append([]string{replaced}, guessing...) { // the files of a module are read-only
		if err := os.Remove(filepath.Join(copied, name)); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(copied, replaced), instead, 0o644); err != nil {
		return err
	}
	if top, err = filepath.Abs(top); err != nil {
		return err
	}
	for _, args := range [][]string{{"init", top}, {"edit", "-replace=" + chroma + "@" + module.Version + "=./chroma"}} {
		work := exec.Command("go", append([]string{"work"}, args...)...)
		work.Dir, work.Env = to, append(os.Environ(), "GOWORK=")
		if said, err := work.CombinedOutput(); err != nil {
			return fmt.Errorf("%v: %w\n%s", work.Args, err, said)
		}
	}
	return nil
}
