package source

import "testing"

func TestInsertedTextTakesOverTheLineEnds(t *testing.T) {
	for name, c := range map[string]struct {
		raw, want string
		at        int
	}{
		"Unix":                    {"a\nb\n", "a\nx\n b\n", 2},
		"Windows":                 {"a\r\nb\r\n", "a\r\nx\r\n b\r\n", 2},
		"old Mac":                 {"a\rb\r", "a\rx\r b\r", 2},
		"byte order mark":         {"\xef\xbb\xbfa\r\nb", "\xef\xbb\xbfa\r\nx\r\n b", 2},
		"mixed, by its own line":  {"a\nb\r\nc\n", "a\nx\r\n b\r\nc\n", 2},
		"one line without an end": {"ab", "x\n ab", 0},
		"at the end":              {"a\r\n", "a\r\nx\r\n ", 2},
		"letters of many bytes":   {"क\r\nb", "क\r\nx\r\n b", 4},
	} {
		got, ok := Insert([]byte(c.raw), []Insertion{{c.at, "x\n "}})
		if string(got) != c.want || !ok {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
		text, diags := Normalise("x", []byte(c.raw))
		if len(diags) > 0 || c.at > len(text.Bytes) {
			t.Errorf("%s: the offset is beyond the text", name)
		}
	}
}

func TestAFileThatHadToBeMendedIsNotWritten(t *testing.T) {
	for _, raw := range []string{"a\xffb", "a\x00b", "a\u202eb"} {
		if got, ok := Insert([]byte(raw), []Insertion{{0, "x"}}); ok {
			t.Errorf("%q became %q", raw, got)
		}
	}
	if got, ok := Insert([]byte("ab"), []Insertion{{5, "x"}}); ok {
		t.Errorf("an offset beyond the end was taken: %q", got)
	}
}
