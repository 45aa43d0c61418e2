// Command conformance runs the Go project's own run tests through gobraid and counts.
//
//	go run ./conformance -gobraid .lab/gobraid -engine compiled
//
// A run test is a file below $(go env GOROOT)/test whose first line is exactly "// run". Each is built
// and run by the Go toolchain first; those that succeed are counted (the answer is kept in a temporary
// directory for the next time). Then "gobraid exec --engine ENGINE FILE" runs it, and the test has
//
//	passed    if it succeeds with the same standard output
//	refused   if gobraid says, with exit status 3, that the engine cannot run it
//	wrong     in every other case
//
// The result is a table by directory and, with -o, a file with a line for each test. Tests of the insides
// of the compiler and the runtime are counted apart: see internals. The exit status is 1 if a test is
// wrong that is not of those.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"os"
	"os/signal"
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
		engine  = flag.String("engine", "compiled", "the engine: compiled, yaegi or auto")
		under   = flag.String("dir", "", "only tests whose path below GOROOT/test begins with this")
		shard   = flag.String("shard", "0/1", "only part I of N, as I/N with I from 0")
		jobs    = flag.Int("jobs", 2, "tests at a time")
		timeout = flag.Duration("timeout", 10*time.Second, "time for each test")
		again   = flag.String("again", "", "only tests that an earlier file of -o does not say have passed")
		file    = flag.String("o", "", "write a line for each test to this file")
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
	tests, err := find(root, *under)
	if err != nil {
		return 0, err
	}
	if *again != "" {
		if tests, err = failed(*again, tests); err != nil {
			return 0, err
		}
	}
	s := suite{
		native:  native{root: root, cache: cacheDir(version), timeout: *timeout},
		gobraid: gobraid{program: absolute(*program), engine: *engine, root: root, timeout: *timeout},
		jobs:    *jobs,
	}
	if !*quiet {
		s.report = func(r result) {
			if r.Verdict == wrongVerdict {
				log.Print(r)
			}
		}
	}
	results, err := s.run(ctx, slice(tests, part, parts))
	if err != nil {
		return 0, err
	}
	if *file != "" {
		if err := writeTSV(*file, results); err != nil {
			return 0, err
		}
	}
	t := tabulate(results)
	fmt.Printf("%s, engine %s, %s\n\n%s", version, *engine, *timeout, t)
	return t.total.wrong - t.total.internalWrong, nil
}
