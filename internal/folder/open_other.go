//go:build !linux

package folder

func (w *walk) open(top string) (handle, error) { return pathHandle{w.fsys, top}, nil }
