package page

import (
	"bytes"
	"io/fs"
	"reflect"
	"testing"

	"sopan.dev/sopan/internal/compiled"
	"sopan.dev/sopan/themes"
)

// Every page of the built-in theme is written without html/template's
// interpreter, and has the bytes that html/template gives it.
func TestTheBuiltInThemeIsCompiled(t *testing.T) {
	sub, err := fs.Sub(themes.Sopan, "sopan")
	if err != nil {
		t.Fatal(err)
	}
	theme, diags, err := ReadTheme(sub, sub, "themes/sopan", []string{"en"})
	if err != nil || len(diags) > 0 {
		t.Fatal(err, diags)
	}
	for _, kind := range kinds {
		empty := reflect.New(reflect.TypeOf(views[kind])).Elem()
		if words := empty.FieldByName("Words"); words.IsValid() {
			words.Set(reflect.ValueOf(theme.words["en"]))
		}
		whole := reflect.New(reflect.TypeOf(views[kind])).Elem()
		full(whole, theme.words["en"])
		for _, view := range []any{empty.Interface(), whole.Interface()} {
			if _, err := compiled.Compile(theme.templates, kind+".html", view); err != nil {
				t.Error(err)
				break
			}
			var got, want bytes.Buffer
			errGot, errWant := theme.compiled.Execute(&got, kind+".html", view), theme.templates.ExecuteTemplate(&want, kind+".html", view)
			if (errGot == nil) != (errWant == nil) || errWant == nil && got.String() != want.String() {
				t.Errorf("%s.html: %v, want %v\n got %s\nwant %s", kind, errGot, errWant, got.String(), want.String())
			}
		}
	}
}
