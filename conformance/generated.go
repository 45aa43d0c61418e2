package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/gobraid/gobraid/conformance/generate"
)

// A generatedCorpus is random programs with consecutive seeds.
type generatedCorpus struct {
	dir      string // where the programs are written
	seed     uint64 // of the first
	count    int
	features []string // what they use; nil if each draws
}

// functionsEach is how many functions a program has.
const functionsEach = 12

func (c generatedCorpus) tests(under string) ([]test, error) {
	var tests []test
	for seed := c.seed; seed < c.seed+uint64(c.count); seed++ {
		name := fmt.Sprintf("program/%08d", seed)
		if !strings.HasPrefix(name, under) {
			continue
		}
		dir := filepath.Join(c.dir, filepath.FromSlash(name))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return nil, err
		}
		t := test{Name: name, Group: "program", File: filepath.Join(dir, "main.go")}
		if err := os.WriteFile(t.File, []byte(generate.Program(seed, functionsEach, c.features)), 0o644); err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	return tests, nil
}

// list splits at commas; nothing is nil.
func list(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}
