package quiz

import (
	"embed"
	"path"

	"go.yaml.in/yaml/v3"
)

//go:embed words/*.yaml
var wordFiles embed.FS

// Words gives what the form says in a language, and hands to the kinds' scripts;
// English where the language is not there. Keys begin with "quiz-".
func Words(lang string) map[string]string {
	b, err := wordFiles.ReadFile(path.Join("words", lang+".yaml"))
	if err != nil {
		if b, err = wordFiles.ReadFile("words/en.yaml"); err != nil {
			panic("quiz: " + err.Error()) // it is embedded
		}
	}
	var words map[string]string
	if err := yaml.Unmarshal(b, &words); err != nil {
		panic("quiz: words/" + lang + ".yaml: " + err.Error()) // a test reads them all
	}
	return words
}
