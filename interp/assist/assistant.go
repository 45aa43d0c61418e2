package assist

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/gobraid/gobraid/interp"
	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

// A Match is one way to complete.
type Match struct {
	Text string
	// Kind is "function", "method", "property" (a field), "variable", "constant", "class" (a type),
	// "module" (a package), "keyword", "path" or "magic".
	Kind string
	// Signature is the type as Go writes it; of a package it is the import path.
	Signature string
}

// An Assistant answers for one session. Complete and Inspect must be called from one goroutine at a
// time; Learn may be called from another.
type Assistant struct {
	names    func() []interp.Name
	importer *files
	session  *scope
	packages []candidate // those that can be imported, once they were asked for

	mu      sync.Mutex
	learned lessons // guarded by mu
}

// New returns an assistant for a session. names lists what is in scope; it is called for every question
// and must not wait.
func New(names func() []interp.Name) *Assistant {
	return &Assistant{
		names:    names,
		importer: newFiles(),
		session:  new(scope),
		learned:  lessons{types: map[string]lesson{}},
	}
}

// Complete returns what could stand between start and end in place of the text before the cursor. When
// ctx has ended it returns nothing.
func (a *Assistant) Complete(ctx context.Context, code string, cursor int) (start, end int, matches []Match) {
	at := byteOffset(code, cursor)
	cursor = len([]rune(code[:at]))
	p := locate(code[:at])
	start = cursor - len([]rune(code[p.start:at]))
	if ctx.Err() != nil {
		return start, cursor, nil
	}
	return start, cursor, a.matches(ctx, p, code, at)
}

func (a *Assistant) matches(ctx context.Context, p place, code string, at int) []Match {
	switch p.kind {
	case inMagic:
		return magicMatches(p)
	case inImport:
		return a.pathMatches(p.name)
	case inCode, afterDot:
	default:
		return nil
	}
	found := a.candidates(ctx, p, code, at)
	exact := choose(found, func(c candidate) bool { return strings.HasPrefix(c.name, p.name) })
	if len(exact) > 0 {
		return exact
	}
	low := strings.ToLower(p.name)
	return choose(found, func(c candidate) bool { return strings.HasPrefix(strings.ToLower(c.name), low) })
}

// choose returns the candidates that are wanted as matches, each name once.
func choose(found []candidate, wanted func(candidate) bool) []Match {
	seen := map[string]bool{"_": true}
	var out []Match
	for _, c := range found {
		if wanted(c) && !seen[c.name] {
			seen[c.name] = true
			out = append(out, Match{c.name, c.kind, c.signature()})
		}
	}
	return out
}

// pathMatches completes the path of an import.
func (a *Assistant) pathMatches(prefix string) []Match {
	var out []Match
	a.inScope()
	for _, path := range append(stdtypes.Packages(), slices.Sorted(maps.Keys(a.importer.byPath))...) {
		if strings.HasPrefix(path, prefix) {
			out = append(out, Match{Text: path, Kind: "path"})
		}
	}
	return out
}

// byteOffset returns the offset of a code point; one outside of the text is taken to its end.
func byteOffset(text string, points int) int {
	for at := range text {
		if points <= 0 {
			return at
		}
		points--
	}
	return len(text)
}
