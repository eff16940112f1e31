package browser

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestScriptsBrowse(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata/script",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"browse": Browse[*testscript.TestScript]()},
	})
}
