package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"

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

// keyFile is the key of a sealed quiz and where it goes.
type keyFile struct {
	path  string
	bytes []byte
}

// keyFiles lists the keys of sealed quizzes, and refuses a place where one
// would be published, before anything is written.
func keyFiles(result *builder.Result, folder, out string) ([]keyFile, error) {
	keys, err := result.Keys()
	if err != nil {
		return nil, err
	}
	var files []keyFile
	for _, k := range keys {
		file := filepath.Join(folder, filepath.FromSlash(k.Path))
		if within(file, out) {
			return nil, usage("the key %s would stand inside of %s and be published.\n  Nothing was changed. Name another folder with --keys", display(file), display(out))
		}
		files = append(files, keyFile{file, k.Bytes})
	}
	return files, nil
}

// keyFolders makes the folders of keys, so that one that cannot be made keeps
// the site from being published, and gives a function that takes the empty
// ones away again.
func keyFolders(files []keyFile) (undo func(), err error) {
	var made []string
	undo = func() {
		for _, dir := range slices.Backward(made) {
			os.Remove(dir) // fails where something stands in it, and should
		}
	}
	for _, k := range files {
		dir := filepath.Dir(k.path)
		for at := dir; at != filepath.Dir(at); at = filepath.Dir(at) {
			if _, err := os.Stat(at); err == nil {
				break
			}
			made = append(made, at)
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			undo()
			return undo, fmt.Errorf("making the folder of the key %s: %w", display(k.path), err)
		}
	}
	slices.SortFunc(made, func(a, b string) int { return len(a) - len(b) })
	return undo, nil
}

// standingKey is a key file as it was written.
type standingKey struct {
	Path string
	Sum  output.Sum
}

func standing(files []keyFile) []standingKey {
	var keys []standingKey
	for _, k := range files {
		keys = append(keys, standingKey{k.path, output.SumOf(k.bytes)})
	}
	return keys
}

// keysStand tells whether all keys are still there, say the same and are
// nobody else's to read.
func keysStand(keys []standingKey) bool {
	return !slices.ContainsFunc(keys, func(k standingKey) bool {
		old, ok := readKey(k.Path)
		return !ok || output.SumOf(old) != k.Sum
	})
}

// readKey reads a key file that only its owner may read.
func readKey(file string) ([]byte, bool) {
	info, err := os.Stat(file)
	if err != nil || info.Mode().Perm()&0o077 != 0 {
		return nil, false
	}
	b, err := os.ReadFile(file)
	return b, err == nil
}

// writeKeys writes keys. One that is there already and says the same stays
// untouched; one whose quiz is gone stays too, because answers to it may still
// come.
func writeKeys(files []keyFile) error {
	for _, k := range files {
		if old, ok := readKey(k.path); ok && bytes.Equal(old, k.bytes) {
			continue
		}
		if err := output.WriteFile(k.path, k.bytes, 0o600); err != nil {
			return fmt.Errorf("the site is written, but not the key %s; build again when this is mended: %w", display(k.path), err)
		}
	}
	return nil
}
