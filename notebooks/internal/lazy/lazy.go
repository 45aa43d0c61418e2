// Package lazy has regular expressions that are compiled when they are first used. Package notebooks is linked into sessions and workers, which
// never use its expressions: compiled at the start they would cost each of them half a millisecond.
package lazy

import (
	"regexp"
	"sync"
)

// An Expression is a regular expression. Its methods are those of [regexp.Regexp], and may be called from many goroutines.
type Expression struct{ get func() *regexp.Regexp }

// Regexp returns an expression. One that does not compile panics when it is first used: a test of its user sees that.
func Regexp(text string) *Expression {
	return &Expression{sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })}
}

// MatchString is as in package regexp, as are the others.
func (e *Expression) MatchString(s string) bool { return e.get().MatchString(s) }

// FindString is as in package regexp.
func (e *Expression) FindString(s string) string { return e.get().FindString(s) }

// FindStringIndex is as in package regexp.
func (e *Expression) FindStringIndex(s string) []int { return e.get().FindStringIndex(s) }

// FindStringSubmatch is as in package regexp.
func (e *Expression) FindStringSubmatch(s string) []string { return e.get().FindStringSubmatch(s) }

// FindAllString is as in package regexp.
func (e *Expression) FindAllString(s string, n int) []string { return e.get().FindAllString(s, n) }

// FindAllStringSubmatch is as in package regexp.
func (e *Expression) FindAllStringSubmatch(s string, n int) [][]string {
	return e.get().FindAllStringSubmatch(s, n)
}

// FindAllStringIndex is as in package regexp.
func (e *Expression) FindAllStringIndex(s string, n int) [][]int {
	return e.get().FindAllStringIndex(s, n)
}

// ReplaceAllString is as in package regexp.
func (e *Expression) ReplaceAllString(s, by string) string { return e.get().ReplaceAllString(s, by) }

// ReplaceAllStringFunc is as in package regexp.
func (e *Expression) ReplaceAllStringFunc(s string, by func(string) string) string {
	return e.get().ReplaceAllStringFunc(s, by)
}
