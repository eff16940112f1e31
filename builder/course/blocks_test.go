package course

import (
	"context"
	"testing"
	"testing/fstest"

	"sopan.dev/sopan/builder/source"
)

func TestAnIDStandsOnceInTheBlocksOfALesson(t *testing.T) {
	block := "```quiz\n- id: one\n  ask: A?\n  right: x\n  wrong: [y]\n```\n"
	tree, _, err := source.Read(context.Background(), fstest.MapFS{
		"sopan.yaml":        {Data: []byte("title: X\n")},
		"content/c/10-a.md": {Data: []byte("---\ntitle: A\n---\nWords.\n\n" + block + "\nMore.\n\n" + block)},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	_, diags, err := Load(context.Background(), tree, LoadOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Code == "quiz/duplicate-id" && d.Start.Line == 16 {
			return
		}
	}
	t.Errorf("the second id passes: %+v", diags)
}
