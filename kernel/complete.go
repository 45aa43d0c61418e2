package kernel

import (
	"context"
	"go/token"
	"strings"
	"unicode"

	"github.com/gobraid/gobraid/interp"
)

// complete answers complete_request.
func complete(k *Kernel, r *request) any {
	var c codeRequest
	if bad := parse(r, &c); bad != nil {
		return bad
	}
	find := k.opts.Complete
	if find == nil {
		find = func(_ context.Context, code string, cursor int) Completion {
			return completeNames(k.runner.Names(), code, cursor)
		}
	}
	found, ok := ask(k.aside, func(ctx context.Context) Completion { return find(ctx, c.Code, c.cursor()) })
	if !ok {
		found = Completion{Start: c.cursor(), End: c.cursor()}
	}
	return completeAnswer(found)
}

func completeAnswer(found Completion) completeReply {
	matches := make([]string, 0, len(found.Matches))
	types := make([]any, 0, len(found.Matches))
	for _, m := range found.Matches {
		matches = append(matches, m.Text)
		types = append(types, map[string]any{
			"start": found.Start, "end": found.End,
			"text": m.Text, "type": m.Kind, "signature": m.Signature,
		})
	}
	metadata := map[string]any{"_jupyter_types_experimental": types}
	return completeReply{statusOK, matches, found.Start, found.End, metadata}
}

// completeNames offers the names in scope and Go's keywords. After a dot it knows nothing.
func completeNames(names []interp.Name, code string, cursor int) Completion {
	runes := []rune(code)
	start := cursor
	for start > 0 && inName(runes[start-1]) {
		start--
	}
	c := Completion{Start: start, End: cursor}
	prefix := string(runes[start:cursor])
	if start > 0 && runes[start-1] == '.' {
		return c
	}
	for _, n := range names {
		if strings.HasPrefix(n.Name, prefix) {
			c.Matches = append(c.Matches, Match{n.Name, kinds[n.Kind], n.Type})
		}
	}
	for t := token.BREAK; t <= token.VAR; t++ {
		if prefix != "" && strings.HasPrefix(t.String(), prefix) {
			c.Matches = append(c.Matches, Match{Text: t.String(), Kind: "keyword"})
		}
	}
	return c
}

func inName(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// kinds translates the kinds of names into the words that front ends have icons for.
var kinds = map[string]string{
	"var": "variable", "const": "constant", "func": "function", "type": "class", "package": "module",
}
