package kernel

import (
	"context"
	"fmt"

	"github.com/gobraid/gobraid/interp"
)

// inspect answers inspect_request.
func inspect(k *Kernel, r *request) any {
	var c codeRequest
	if bad := parse(r, &c); bad != nil {
		return bad
	}
	find := k.opts.Inspect
	if find == nil {
		find = func(_ context.Context, code string, cursor, _ int) *Inspection {
			return inspectNames(k.runner.Names(), code, cursor)
		}
	}
	found, _ := ask(k.aside, func(ctx context.Context) *Inspection {
		return find(ctx, c.Code, c.cursor(), c.Detail)
	})
	if found == nil {
		return inspectReply{Status: statusOK, Data: map[string]any{}, Metadata: map[string]any{}}
	}
	return inspectReply{statusOK, true, orNone(found.MIME), orNone(found.Metadata)}
}

// inspectNames describes the name at the cursor, if it is in scope.
func inspectNames(names []interp.Name, code string, cursor int) *Inspection {
	runes := []rune(code)
	start, end := cursor, cursor
	for start > 0 && inName(runes[start-1]) {
		start--
	}
	for end < len(runes) && inName(runes[end]) {
		end++
	}
	if start > 0 && runes[start-1] == '.' {
		return nil
	}
	for _, n := range names {
		if n.Name == string(runes[start:end]) {
			text := fmt.Sprintf("%s %s %s\ndeclared in cell %d", n.Kind, n.Name, n.Type, n.Cell)
			return &Inspection{MIME: map[string]any{"text/plain": text}}
		}
	}
	return nil
}
