package main

import (
	"context"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"
)

// A verdict is what became of a test.
type verdict string

const (
	uncounted      verdict = "uncounted" // it does not succeed natively
	passedVerdict  verdict = "passed"
	refusedVerdict verdict = "refused"
	wrongVerdict   verdict = "wrong"
)

// refusedExit is gobraid's exit status when an engine cannot run a program.
const refusedExit = 3

// A result is the verdict of one test.
type result struct {
	Test     string // its name
	Group    string // the row of the table it counts in
	Verdict  verdict
	Internal bool   // whether it tests the insides of the compiler or the runtime
	Why      string // of a test that has not passed, in one line
}

// String returns the result in one line.
func (r result) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", r.Verdict, r.Test, r.Why))
}

// A suite runs tests.
type suite struct {
	native  native
	gobraid gobraid
	jobs    int
	report  func(result) // called for each result, from several goroutines; nil for none
}

// run runs the tests, some at a time, and returns their results in the same order.
func (s suite) run(ctx context.Context, tests []test) ([]result, error) {
	results := make([]result, len(tests))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(s.jobs)
	for i, t := range tests {
		g.Go(func() error {
			r, err := s.test(ctx, t)
			if err != nil {
				return fmt.Errorf("%s: %w", t.Name, err)
			}
			results[i] = r
			if s.report != nil {
				s.report(r)
			}
			return nil
		})
	}
	return results, g.Wait()
}

// test runs one test natively and through gobraid and compares.
func (s suite) test(ctx context.Context, t test) (result, error) {
	r := result{Test: t.Name, Group: t.Group, Internal: t.Internal}
	want, err := s.native.run(ctx, t)
	if err != nil {
		return r, err
	}
	switch {
	case want.Exit != 0:
		r.Verdict, r.Why = uncounted, reason(want, want)
		return r, nil
	case !t.agrees(want.Stdout):
		r.Verdict, r.Why = uncounted, "it prints something else natively: "+difference(string(want.Stdout), string(t.Says))
		return r, nil
	}
	got, err := s.gobraid.run(ctx, t)
	if err != nil {
		return r, err
	}
	r.Verdict, r.Why = judge(t, got, want)
	return r, nil
}

// judge compares how gobraid and the native program ended, which succeeded.
func judge(t test, got, want ending) (verdict, string) {
	switch {
	case got.Exit == 0 && !got.Timeout && t.same(got.Stdout, want.Stdout):
		return passedVerdict, ""
	case got.Exit == refusedExit && !got.Timeout:
		return refusedVerdict, reason(got, want)
	}
	return wrongVerdict, reason(got, want)
}

// reason tells in one line why a program has not passed: by what it wrote to standard error, or by the
// first line of output that differs.
func reason(got, want ending) string {
	head := fmt.Sprintf("exit %d: ", got.Exit)
	if got.Timeout {
		head = "timeout: "
	}
	if got.Exit == 0 && !got.Timeout {
		return "output: " + difference(string(got.Stdout), string(want.Stdout))
	}
	for line := range strings.Lines(string(got.Stderr)) {
		if line = strings.Join(strings.Fields(line), " "); line != "" {
			return head + cut(line)
		}
	}
	return head
}

// difference describes the first line in which two texts differ.
func difference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(g), len(w)) {
		switch {
		case i >= len(g):
			return fmt.Sprintf("line %d is missing: %q", i+1, cut(w[i]))
		case i >= len(w):
			return fmt.Sprintf("line %d is too many: %q", i+1, cut(g[i]))
		case g[i] != w[i]:
			return fmt.Sprintf("line %d is %q, want %q", i+1, cut(g[i]), cut(w[i]))
		}
	}
	return "the same"
}

// cut shortens a line.
func cut(line string) string {
	const most = 160
	if len(line) > most {
		return line[:most] + "…"
	}
	return line
}
