// Command conformance runs Go programs through gobraid and counts.
//
//	go run ./conformance -gobraid .lab/gobraid -engine compiled
//	go run ./conformance -suite examples -engine yaegi -dir encoding/
//
// Each program is built and run by the Go toolchain first; those that succeed are counted (the answer is kept in a
// temporary directory for the next time). Then "gobraid exec --engine ENGINE FILE" runs it, and the test has
//
//	passed    if it succeeds with the same standard output
//	refused   if gobraid says, with exit status 3, that the engine cannot run it
//	wrong     in every other case
//
// With -engine mixed the cells of a generated session take turns with the engines; one that yaegi refuses is compiled.
//
// The suites are
//
//	run       Go's own run tests: the files below $(go env GOROOT)/test whose first line is exactly "// run"
//	examples  the examples of the standard library's packages that say what they print, each made a program
//	generated random programs from the seed -seed on: see package generate
//	notebooks the notebooks gobraid ships, each of their cells a test: see notebookCorpus
//
// The result is a table and, with -o, a file with a line for each test. Run tests of the insides
// of the compiler and the runtime are counted apart: see internals. The exit status is 1 if a test is
// wrong that is not of those.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
	"path/filepath"
	"time"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("conformance: ")
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	wrong, err := run(ctx)
	if err != nil {
		log.Fatal(err)
	}
	if wrong > 0 {
		os.Exit(1)
	}
}

// run does what the command line says and returns the number of tests that are wrong and should not be.
func run(ctx context.Context) (wrong int, err error) {
	var (
		program = flag.String("gobraid", ".lab/gobraid", "the program to test")
		seed    = flag.Uint64("seed", 1, "the seed of the first generated program")
		count   = flag.Int("n", 50, "how many programs to generate")
		uses    = flag.String("features", "", "the features of generated programs, with commas; by default drawn")
		suited  = flag.String("suite", "run", "the suite: run, examples, generated or notebooks")
		engine  = flag.String("engine", "compiled", "the engine: compiled, yaegi or auto, or mixed")
		under   = flag.String("dir", "", "only tests whose name begins with this")
		shard   = flag.String("shard", "0/1", "only part I of N, as I/N with I from 0")
		jobs    = flag.Int("jobs", 2, "tests at a time")
		timeout = flag.Duration("timeout", 10*time.Second, "time for each test")
		again   = flag.String("again", "", "only tests that an earlier file of -o does not say have passed")
		file    = flag.String("o", "", "write a line for each test to this file")
		small   = flag.String("minimise", "", "write the programs that are wrong, made small, to this directory")
		quiet   = flag.Bool("q", false, "print the table only")
	)
	flag.Parse()
	var part, parts int
	if _, err := fmt.Sscanf(*shard, "%d/%d", &part, &parts); err != nil || part < 0 || part >= parts {
		return 0, fmt.Errorf("-shard %s is not I/N", *shard)
	}
	root, version, err := toolchain(ctx)
	if err != nil {
		return 0, err
	}
	tested := gobraid{program: absolute(*program), engine: *engine, timeout: *timeout}
	tell := func(r result) {
		if r.Verdict == wrongVerdict && !*quiet {
			log.Print(r)
		}
	}
	finish := func(results []result) (wrong int, err error) {
		if *file != "" {
			if err := writeTSV(*file, results); err != nil {
				return 0, err
			}
		}
		t := tabulate(results)
		fmt.Printf("%s, suite %s, engine %s, %s\n\n%s", version, *suited, *engine, *timeout, t)
		return t.total.wrong - t.total.internalWrong, nil
	}
	if *suited == "notebooks" {
		results, err := notebookCorpus{"notebooks"}.run(ctx, tested, *under)
		if err != nil {
			return 0, err
		}
		for _, r := range results {
			tell(r)
		}
		return finish(results)
	}
	var c corpus
	switch *suited {
	case "run":
		c = runCorpus{filepath.Join(root, "test")}
	case "examples":
		// The examples of package time are made for a place with this time.
		if err := os.Setenv("TZ", "America/Los_Angeles"); err != nil {
			return 0, err
		}
		c = exampleCorpus{src: filepath.Join(root, "src"), dir: filepath.Join(cacheDir(version), "examples")}
	case "generated":
		c = generatedCorpus{dir: filepath.Join(cacheDir(version), "generated"), seed: *seed, count: *count, features: list(*uses)}
	default:
		return 0, fmt.Errorf("no suite %s", *suited)
	}
	tests, err := c.tests(*under)
	if err != nil {
		return 0, err
	}
	if *again != "" {
		if tests, err = failed(*again, tests); err != nil {
			return 0, err
		}
	}
	if len(tests) == 0 {
		return 0, errors.New("no tests")
	}
	s := suite{
		native:  native{cache: cacheDir(version), timeout: *timeout},
		gobraid: tested,
		jobs:    *jobs,
		report:  tell,
	}
	tests = slice(tests, part, parts)
	results, err := s.run(ctx, tests)
	if err != nil {
		return 0, err
	}
	if *small != "" {
		if err := s.minimise(ctx, *small, tests, results); err != nil {
			return 0, err
		}
	}
	return finish(results)
}
