// Command list prints how many languages chroma lists before it is asked for one, and then each as JSON.
package main

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/alecthomas/chroma/v2/lexers"
)

func main() {
	fmt.Println(len(lexers.GlobalLexerRegistry.Lexers))
	lexers.Names(false)
	to := json.NewEncoder(os.Stdout)
	for _, l := range lexers.GlobalLexerRegistry.Lexers {
		c := *l.Config()
		c.Analyse = nil // how a language is guessed
		if err := to.Encode(c); err != nil {
			panic(err)
		}
	}
}
