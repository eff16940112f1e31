package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"sopan.dev/sopan/builder"
	"sopan.dev/sopan/builder/output"
)

// keyFolder says where the keys of sealed quizzes go, and refuses a place where
// they would be published.
func (s *siteDir) keyFolder(keys, out string) (string, error) {
	if keys == "" {
		keys = filepath.Clean(out) + ".keys"
	}
	if filepath.Dir(out) == out {
		return "", usage("%s is the root of a disk.\n  Nothing was changed. Name a new folder with --out", out)
	}
	if within(keys, out) {
		return "", usage("%s stands inside of %s, and the keys would be published with the site.\n  Nothing was changed. Name a folder outside of it with --keys", display(keys), display(out))
	}
	if room := s.among(keys); room != "" {
		return "", usage("%s stands among the site's sources, in `%s`.\n  Nothing was changed. Name a folder outside of it with --keys", display(keys), room)
	}
	return keys, nil
}

// within tells whether a path is a folder or stands in it, whatever links lead
// there and however the disk compares names.
func within(p, folder string) bool {
	p, folder = physical(p), physical(folder)
	if rel, err := filepath.Rel(folder, p); err == nil && filepath.IsLocal(rel) {
		return true
	}
	target, err := os.Stat(folder)
	if err != nil {
		return false
	}
	for ; ; p = filepath.Dir(p) {
		if info, err := os.Stat(p); err == nil && os.SameFile(info, target) {
			return true
		}
		if filepath.Dir(p) == p {
			return false
		}
	}
}

// physical follows the links in a path as far as it exists.
func physical(p string) string {
	rest := ""
	for at := filepath.Clean(p); ; at = filepath.Dir(at) {
		if real, err := filepath.EvalSymlinks(at); err == nil {
			return filepath.Join(real, rest)
		}
		if filepath.Dir(at) == at {
			return p
		}
		rest = filepath.Join(filepath.Base(at), rest)
	}
}

// writeKeys writes the keys of sealed quizzes and tells how many there are. A
// key that is there already and says the same stays untouched; one whose quiz
// is gone stays too, because answers to it may still come.
func writeKeys(result *builder.Result, folder, out string) (int, error) {
	keys, err := result.Keys()
	if err != nil {
		return 0, err
	}
	for _, k := range keys {
		file := filepath.Join(folder, filepath.FromSlash(k.Path))
		if within(file, out) {
			return 0, usage("the key %s would stand inside of %s and be published.\n  Nothing was changed. Name another folder with --keys", display(file), display(out))
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			return 0, fmt.Errorf("making the folder of the key %s: %w", display(file), err)
		}
		if info, err := os.Stat(file); err == nil && info.Mode().Perm()&0o077 == 0 {
			if old, err := os.ReadFile(file); err == nil && bytes.Equal(old, k.Bytes) {
				continue
			}
		}
		if err := output.WriteFile(file, k.Bytes, 0o600); err != nil {
			return 0, err
		}
	}
	return len(keys), nil
}
