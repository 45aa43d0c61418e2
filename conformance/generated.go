package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobraid/gobraid/conformance/generate"
)

// A generatedCorpus is random programs with consecutive seeds. The odd ones are sessions.
type generatedCorpus struct {
	dir      string // where the programs are written
	seed     uint64 // of the first
	count    int
	features []string // what they use; nil if each draws
}

// How many functions a program has, and how many times a session defines and does something.
const (
	functionsEach = 12
	cellsEach     = 8
)

func (c generatedCorpus) tests(under string) ([]test, error) {
	var tests []test
	for seed := c.seed; seed < c.seed+uint64(c.count); seed++ {
		t := test{Group: "program", Session: seed%2 == 1, Random: true}
		if t.Session {
			t.Group = "session"
		}
		t.Name = fmt.Sprintf("%s/%08d", t.Group, seed)
		if !strings.HasPrefix(t.Name, under) {
			continue
		}
		dir := filepath.Join(c.dir, filepath.FromSlash(t.Name))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		t.File = filepath.Join(dir, "main.go")
		if err := os.WriteFile(t.File, []byte(c.program(t.Session, seed)), 0o644); err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	return tests, nil
}

func (c generatedCorpus) program(session bool, seed uint64) string {
	if session {
		return generate.Session(seed, cellsEach, c.features)
	}
	return generate.Program(seed, functionsEach, c.features)
}

// list splits at commas; nothing is nil.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
