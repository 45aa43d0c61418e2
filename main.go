// Command gobraid is a Jupyter kernel for Go in which concurrency can be seen, stopped, measured and
// replayed. See README.md.
package main

import (
	"embed"
	"os"

	"github.com/gobraid/gobraid/commands"
)

// sources are what the compiled engine builds cells against when gobraid has moved away from where
// it was built.
//
//go:embed go.mod go.sum all:concurrency
var sources embed.FS

func main() { os.Exit(commands.Main(sources, os.Args[1:])) }
