package assist

import (
	"context"
	"math/rand/v2"
	"strings"
	"testing"
)

var scraps = strings.Split("x|:=|=|.|(|)|{|}|[|]|,|;|\n|func|func f(|type T struct {|type I interface {|p|p.|sb.|strings.|http.|T|T[int]|[P any]|if|for|range|switch|case|default:|select|go|defer|return|var|const|import \"fmt\"|fmt.|import|\"s\"|`|'a'|1|3.|*|&|<-|chan|map[|...|_|iota|:|package main|%engine|!ls|//|/*|*/|box[|mk(|func (p point) m()|type A = A|type B [len(b)]B|error|any|x, y|ʹ|\xff", "|")

// FuzzAssist is for texts that are no Go at all: whatever they are, there is an answer.
func FuzzAssist(f *testing.F) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 1))
		var b strings.Builder
		for range 2 + r.IntN(30) {
			b.WriteString(scraps[r.IntN(len(scraps))])
			if r.IntN(2) == 0 {
				b.WriteByte(' ')
			}
		}
		f.Add(b.String(), r.IntN(b.Len()))
	}
	a := fixture()
	f.Fuzz(func(t *testing.T, code string, cursor int) {
		if len(code) > 1000 {
			t.Skip("long")
		}
		a.Complete(context.Background(), code, cursor)
		a.Inspect(context.Background(), code, cursor, 1)
		a.Complete(context.Background(), code, len(code))
	})
}
