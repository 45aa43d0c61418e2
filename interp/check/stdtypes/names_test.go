package stdtypes_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/gobraid/gobraid/interp/check/stdtypes"
)

func TestByName(t *testing.T) {
	tests := []struct {
		name string
		want []string
	}{
		{"fmt", []string{"fmt"}},
		{"rand", []string{"math/rand", "math/rand/v2", "crypto/rand"}},
		{"template", []string{"text/template", "html/template"}},
		{"scanner", []string{"text/scanner", "go/scanner"}},
		{"pprof", []string{"runtime/pprof", "net/http/pprof"}},
		{"http", []string{"net/http"}},
		{"unsafe", []string{"unsafe"}},
		{"v2", nil},
		{"task", nil},
		{"nosuch", nil},
	}
	for _, test := range tests {
		if got := stdtypes.ByName(test.name); !slices.Equal(got, test.want) {
			t.Errorf("ByName(%q) = %q, want %q", test.name, got, test.want)
		}
	}
}

func TestExporting(t *testing.T) {
	tests := []struct {
		name, symbol string
		want         []string
	}{
		{"strings", "ToUpper", []string{"strings"}},
		{"rand", "Intn", []string{"math/rand"}},
		{"rand", "IntN", []string{"math/rand/v2"}},
		{"rand", "Text", []string{"crypto/rand"}},
		{"rand", "Perm", []string{"math/rand", "math/rand/v2"}},
		{"template", "HTML", []string{"html/template"}},
		{"strings", "ToUper", nil},
		{"strings", "indexFunc", nil},
		{"nosuch", "Thing", nil},
	}
	for _, test := range tests {
		if got := stdtypes.Exporting(test.name, test.symbol); !slices.Equal(got, test.want) {
			t.Errorf("Exporting(%q, %q) = %q, want %q", test.name, test.symbol, got, test.want)
		}
	}
}

func TestPackages(t *testing.T) {
	all := stdtypes.Packages()
	if !slices.IsSorted(all) {
		t.Error("the paths are not sorted")
	}
	for _, path := range []string{"fmt", "net/http", "testing/synctest", "unsafe", "weak"} {
		if !slices.Contains(all, path) {
			t.Errorf("%s is missing", path)
		}
	}
}

func ExampleExporting() {
	fmt.Println(stdtypes.Exporting("rand", "N"))
	// Output: [math/rand/v2]
}
