package assist

import (
	"context"
	"strings"
	"testing"
)

var questions = map[string]string{
	"package":  "strings.Has‸",
	"large":    "http.‸",
	"value":    "sb.Wri‸",
	"names":    "p‸",
	"longCell": strings.Repeat("func f(names []string) {\n\tfor i, n := range names {\n\t\tfmt.Println(i, n)\n\t}\n}\n", 50) + "strings.Has‸",
}

// BenchmarkFirst measures what a session's first question costs.
func BenchmarkFirst(b *testing.B) {
	for name, q := range questions {
		code, cursor := at(b, q)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				fixture().Complete(context.Background(), code, cursor)
			}
		})
	}
}

// BenchmarkLater measures the questions after that.
func BenchmarkLater(b *testing.B) {
	for name, q := range questions {
		code, cursor := at(b, q)
		b.Run(name, func(b *testing.B) {
			a := fixture()
			for b.Loop() {
				a.Complete(context.Background(), code, cursor)
			}
		})
	}
}
