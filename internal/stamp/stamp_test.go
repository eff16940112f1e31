package stamp

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"
)

func of(t *testing.T, file string) Stamp {
	t.Helper()
	info, err := os.Lstat(file)
	if err != nil {
		t.Fatal(err)
	}
	return Of(info)
}

func TestAStampChangesWithTheFileWhateverItsTimeIsSetTo(t *testing.T) {
	if runtime.GOOS != "linux" && runtime.GOOS != "darwin" {
		if file := filepath.Join(t.TempDir(), "a"); os.WriteFile(file, nil, 0o644) != nil || of(t, file) != (Stamp{}) {
			t.Error("a stamp proves something on a system that says too little")
		}
		return
	}
	file := filepath.Join(t.TempDir(), "a")
	write := func(words string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(words), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, time.Time{}, time.Unix(1e9, 0)); err != nil {
			t.Fatal(err)
		}
	}
	write("one")
	first := of(t, file)
	if !first.Same(of(t, file)) {
		t.Error("two looks at an untouched file differ")
	}
	if first.Settled(time.Unix(0, first.Changed)) {
		t.Error("a file that was written a moment ago is taken for settled")
	}
	if !first.Settled(time.Unix(0, first.Changed).Add(time.Second)) {
		t.Error("a file that was written a second ago is not settled")
	}
	for of(t, file).Changed < first.Changed+int64(tick) { // wait for the file system's clock
		write("two")
	}
	if first.Same(of(t, file)) {
		t.Error("a file of the same size and time with other bytes has the same stamp")
	}
	if (Stamp{}).Same(Stamp{}) || (Stamp{}).Settled(time.Now()) {
		t.Error("no stamp proves something")
	}
}
